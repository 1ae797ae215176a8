package jpeg

// What the transforms of both directions share. Both take two rows or columns
// at once, as the number a + b<<32.

// lanes times a constant is that constant in both.
const lanes = 1<<32 + 1

// Constants of the rotations, 13 fractional bits.
const (
	fix0_298 = 2446
	fix0_390 = 3196
	fix0_541 = 4433
	fix0_765 = 6270
	fix0_899 = 7373
	fix1_175 = 9633
	fix1_501 = 12299
	fix1_847 = 15137
	fix1_961 = 16069
	fix2_053 = 16819
	fix2_562 = 20995
	fix3_072 = 25172
)
