package server

import "time"

// isoTimes turns times into the texts that JSON.stringify makes of them.
func isoTimes(value any) any {
	return convert(value, func(t time.Time) any { return t.UTC().Format("2006-01-02T15:04:05.000Z") })
}

// ejsonTimes turns times into EJSON dates, in milliseconds.
func ejsonTimes(value any) any {
	return convert(value, func(t time.Time) any { return map[string]any{"$date": t.UnixMilli()} })
}

func convert(value any, date func(time.Time) any) any {
	switch v := value.(type) {
	case time.Time:
		return date(v)
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, element := range v {
			object[name] = convert(element, date)
		}
		return object
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = convert(element, date)
		}
		return list
	}
	return value
}
