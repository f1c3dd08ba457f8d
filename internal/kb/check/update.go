package check

// update is the family about Windows Update.
func update() []Check {
	return nil
}
