package main

import (
	"go/types"
	"slices"
	"strings"
)

// listPackage returns the exported declarations of a package, sorted.
func listPackage(p *types.Package) []string {
	l := lister{qualify: func(other *types.Package) string {
		if other == p {
			return ""
		}
		return other.Name()
	}}
	for _, name := range p.Scope().Names() {
		if object := p.Scope().Lookup(name); object.Exported() {
			l.object(object)
		}
	}
	slices.Sort(l.lines)
	return slices.Compact(l.lines)
}

type lister struct {
	lines   []string
	qualify types.Qualifier
}

func (l *lister) add(parts ...string) { l.lines = append(l.lines, strings.Join(parts, "")) }

func (l *lister) text(t types.Type) string { return types.TypeString(t, l.qualify) }

func (l *lister) object(o types.Object) {
	switch o := o.(type) {
	case *types.Const:
		l.add("const ", o.Name(), " ", l.text(o.Type()), " = ", o.Val().String())
	case *types.Var:
		l.add("var ", o.Name(), " ", l.text(o.Type()))
	case *types.Func:
		l.add("func ", o.Name(), strings.TrimPrefix(l.text(o.Type()), "func"))
	case *types.TypeName:
		l.typeName(o)
	}
}

func (l *lister) typeName(o *types.TypeName) {
	if o.IsAlias() {
		l.add("type ", o.Name(), " = ", l.text(types.Unalias(o.Type())))
		return
	}
	named := o.Type().(*types.Named)
	head := "type " + o.Name() + parameters(named, l.qualify)
	switch under := named.Underlying().(type) {
	case *types.Struct:
		l.add(head, " struct")
		l.fields(head, under)
	case *types.Interface:
		l.add(head, " interface")
		for m := range under.Methods() {
			if m.Exported() {
				l.add(head, " interface, ", m.Name(), strings.TrimPrefix(l.text(m.Type()), "func"))
			}
		}
	default:
		l.add(head, " ", l.text(under))
	}
	l.methods(named)
}

func (l *lister) fields(head string, s *types.Struct) {
	for i := range s.NumFields() {
		f := s.Field(i)
		switch {
		case !f.Exported():
		case f.Embedded():
			l.add(head, " struct, embedded ", l.text(f.Type()))
		default:
			l.add(head, " struct, ", f.Name(), " ", l.text(f.Type()))
		}
	}
}

// methods lists the methods of a type and of its pointer, including promoted ones.
func (l *lister) methods(named *types.Named) {
	if types.IsInterface(named) {
		return
	}
	values := types.NewMethodSet(named)
	for selection := range types.NewMethodSet(types.NewPointer(named)).Methods() {
		m := selection.Obj()
		if !m.Exported() {
			continue
		}
		receiver := "*" + named.Obj().Name()
		if values.Lookup(m.Pkg(), m.Name()) != nil {
			receiver = named.Obj().Name()
		}
		l.add("method (", receiver, ") ", m.Name(), strings.TrimPrefix(l.text(selection.Type()), "func"))
	}
}

func parameters(named *types.Named, q types.Qualifier) string {
	if named.TypeParams().Len() == 0 {
		return ""
	}
	var all []string
	for p := range named.TypeParams().TypeParams() {
		all = append(all, p.Obj().Name()+" "+types.TypeString(p.Constraint(), q))
	}
	return "[" + strings.Join(all, ", ") + "]"
}
