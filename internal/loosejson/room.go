package loosejson

import "reflect"

// RenewRoom gives the slices of a struct memory of their own. That which was set
// aside for rows before the first answer may hold rows of it, and decoders leave
// standing what a row does not mention.
func RenewRoom(v reflect.Value) {
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Kind() == reflect.Struct:
			RenewRoom(f)
		case f.Kind() == reflect.Slice && f.CanSet() && f.Len() == 0 && f.Cap() > 0:
			f.Set(reflect.MakeSlice(f.Type(), 0, f.Cap()))
		}
	}
}
