package check

// vbs is the family about virtualization-based security, Credential Guard and memory integrity.
func vbs() []Check {
	return nil
}
