package check

// onedrive is the family about OneDrive.
func onedrive() []Check {
	return nil
}
