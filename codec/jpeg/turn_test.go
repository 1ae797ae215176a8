package jpeg

import ("testing")

func BenchmarkTurn(b *testing.B) {
	c := &Coefficients{Width: 4000, Height: 3008, Color: YCbCr, Components: []CoefficientPlane{
		{ID: 1, H: 2, V: 2}, {ID: 2, H: 1, V: 1}, {ID: 3, H: 1, V: 1}}}
	c = c.blank(c.Width, c.Height, false)
	for i := range c.Components { for j := range c.Components[i].Blocks { c.Components[i].Blocks[j][0]=1}}
	names := []string{"identity", "flip h","flip v","rotate 180","transpose","rotate 270","rotate 90","transverse"}
	for t := FlipH; t<=Transverse;t++ {
		b.Run(names[t], func(b *testing.B) {
			for b.Loop() { if _, err := c.Turn(t); err != nil { b.Fatal(err)}}
		})
	}
}
