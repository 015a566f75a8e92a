package cli

// Cell makes a text safe for a spreadsheet.
func Cell(text string) string { return cell(text) }
