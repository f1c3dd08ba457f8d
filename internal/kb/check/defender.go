package check

// defender is the family about what Microsoft Defender blocks.
func defender() []Check {
	return nil
}
