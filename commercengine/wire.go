package commercengine

import (
	"bytes"
	"encoding/json"
)

// The types of this file are the public ones under the vendor's other names for a
// field. The public types have no decoders of their own: a struct that embeds one
// would be decoded by it, and lose its other fields.

// customerWire is a customer, the kind of whose business is called type in later
// versions of the API.
type customerWire struct {
	Customer
	Business *struct {
		CustomerBusiness
		LaterType string `json:"type"`
	} `json:"business"`
}

func (w *customerWire) customer() *Customer {
	c := w.Customer
	if w.Business != nil {
		c.Business = new(w.Business.CustomerBusiness)
		if c.Business.Type == "" {
			c.Business.Type = w.Business.LaterType
		}
	}
	return &c
}

// reviewWire is a review. The vendor's description spells playback with a space in
// front.
type reviewWire struct {
	Review
	Videos []struct {
		ReviewVideo
		Spaced VideoPlayback `json:" playback"`
	} `json:"videos"`
}

func (w *reviewWire) review() Review {
	r := w.Review
	if w.Videos != nil {
		r.Videos = make([]ReviewVideo, len(w.Videos))
	}
	for i, video := range w.Videos {
		r.Videos[i] = video.ReviewVideo
		if video.Playback == (VideoPlayback{}) {
			r.Videos[i].Playback = video.Spaced
		}
	}
	return r
}

// documentVerificationWire keeps the whole of what the provider knows.
type documentVerificationWire DocumentVerification

func (w *documentVerificationWire) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if err := json.Unmarshal(data, (*DocumentVerification)(w)); err != nil {
		return err
	}
	w.Raw = bytes.Clone(data)
	return nil
}
