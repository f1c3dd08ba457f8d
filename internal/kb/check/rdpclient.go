package check

// rdpClient is the family about this machine as a Remote Desktop client.
func rdpClient() []Check {
	return nil
}
