package transport

import "reflect"

// Own returns a copy of a request that shares no memory with it. A walk sends requests
// long after it was begun, when its caller may have changed the original.
func Own[R any](req R) R {
	v := reflect.ValueOf(&req).Elem()
	own(v)
	return req
}

// own replaces what v refers to by copies. What it cannot set, such as the fields of a
// time, nobody else can change.
func own(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				own(f)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			to := reflect.New(v.Type().Elem())
			to.Elem().Set(v.Elem())
			v.Set(to)
			own(to.Elem())
		}
	case reflect.Slice:
		if !v.IsNil() {
			to := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(to, v)
			v.Set(to)
			for i := range to.Len() {
				own(to.Index(i))
			}
		}
	}
}
