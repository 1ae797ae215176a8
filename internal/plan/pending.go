package plan

// ReasonUpToDate is the reason of what is not done again.
const ReasonUpToDate = "up to date"
