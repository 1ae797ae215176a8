package machine

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// Kernel returns the version of Windows, such as "10.0.22631".
func Kernel() string {
	v := windows.RtlGetVersion()
	return fmt.Sprintf("%d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
}
