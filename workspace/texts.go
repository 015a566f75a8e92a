package workspace

import "encoding/json"

// texts returns the texts inside a value that was sent as JSON.
func texts(sent any) []string {
	encoded, _ := json.Marshal(sent) // what cannot be JSON is not sent
	var decoded any
	_ = json.Unmarshal(encoded, &decoded)
	return appendTexts(nil, decoded)
}

func appendTexts(list []string, value any) []string {
	switch value := value.(type) {
	case string:
		list = append(list, value)
	case []any:
		for _, element := range value {
			list = appendTexts(list, element)
		}
	case map[string]any:
		for _, element := range value {
			list = appendTexts(list, element)
		}
	}
	return list
}
