package xcladetest

import (
	"maps"
	"reflect"
)

// mergeMetadata is what an update makes of metadata: members are set one by one,
// "" removes one, and null in place of the object removes all.
func mergeMetadata(old, update any) any {
	changes, ok := update.(map[string]any)
	if !ok {
		return nil
	}
	before, _ := old.(map[string]any)
	merged := maps.Clone(before)
	if merged == nil {
		merged = make(map[string]any, len(changes))
	}
	for name, value := range changes {
		if value == "" {
			delete(merged, name)
			continue
		}
		merged[name] = value
	}
	return merged
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }
