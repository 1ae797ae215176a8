//go:build faults && linux

package main

func (s *suite) disks() error { return nil }
