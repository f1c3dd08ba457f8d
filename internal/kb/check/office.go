package check

// office is the family about activation of Microsoft 365 Apps and Office.
func office() []Check {
	return nil
}
