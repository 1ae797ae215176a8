//go:build !unix

package main

// onStatusSignal does nothing: there is no such signal.
func onStatusSignal(func()) (forget func()) { return func() {} }
