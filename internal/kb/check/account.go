package check

// account is the family about accounts of this machine.
func account() []Check {
	return nil
}
