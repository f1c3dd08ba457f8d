package check

// rdpNet is the family about the Remote Desktop host that the reader names, as seen over the network.
func rdpNet() []Check {
	return nil
}
