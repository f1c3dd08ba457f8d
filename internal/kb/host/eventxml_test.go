package host

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// system is the start of an event as EvtRender shows it.
const system = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>` +
	`<Provider Name='Service Control Manager' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}' EventSourceName='Service Control Manager'/>` +
	`<EventID Qualifiers='16384'>7036</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode>` +
	`<Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='2026-11-21T09:00:00.123456700Z'/>` +
	`<EventRecordID>1234</EventRecordID><Correlation/><Execution ProcessID='816' ThreadID='4711'/>` +
	`<Channel>System</Channel><Computer>PC1</Computer><Security/></System>`

func TestParseEvent(t *testing.T) {
	for _, c := range []struct {
		name, rest string
		want       []Field
	}{
		{"no data", `</Event>`, nil},
		{"names", `<EventData><Data Name='param1'>Windows Update</Data><Data Name='param2'>停止</Data><Binary>770075</Binary></EventData></Event>`,
			[]Field{{"param1", "Windows Update"}, {"param2", "停止"}}},
		{"no names, one empty", `<EventData><Data>TERMSRV/server</Data><Data></Data><Data/><Data>2</Data></EventData></Event>`,
			[]Field{{"", "TERMSRV/server"}, {"", ""}, {"", ""}, {"", "2"}}},
		{"escapes", `<EventData><Data Name="a&lt;b">&lt;x&gt; &amp;amp; &quot;&apos; &#x30b5;&#12540; &nbsp; & &#xd800;</Data></EventData></Event>`,
			[]Field{{"a<b", `<x> &amp; "' サー &nbsp; & ` + "\ufffd"}}},
		{"spaces and lines", "\r\n<EventData>\r\n  <Data Name = 'a' >\r\n1 </Data >\r\n</EventData>\r\n</Event>\r\n", []Field{{"a", "\r\n1 "}}},
		{"> in an attribute", `<EventData><Data Name='a>b'>1</Data></EventData></Event>`, []Field{{"a>b", "1"}}},
		{"comment, instruction, CDATA", `<!-- <x> --><?y ?><EventData><Data><![CDATA[<1>&amp;]]></Data></EventData></Event>`, []Field{{"", "<1>&amp;"}}},
		{"UserData", `<UserData><EventXML xmlns='Event_NS'><User>EXAMPLE\taro</User><SessionID>2</SessionID><n:Address xmlns:n='x'>10.0.0.1</n:Address><Empty/></EventXML></UserData></Event>`,
			[]Field{{"User", `EXAMPLE\taro`}, {"SessionID", "2"}, {"Address", "10.0.0.1"}, {"Empty", ""}}},
		{"nested UserData", `<UserData><A><B><C>1</C></B><D>2</D></A></UserData></Event>`, []Field{{"C", "1"}, {"D", "2"}}},
		{"rendering is not data", `<RenderingInfo Culture='ja-JP'><Message>x</Message></RenderingInfo></Event>`, nil},
	} {
		got, err := parseEvent(system + c.rest)
		want := Event{Provider: "Service Control Manager", ID: 7036, Time: time.Date(2026, 11, 21, 9, 0, 0, 123456700, time.UTC), Data: c.want}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
	}
}

func TestParseEventErrors(t *testing.T) {
	for name, text := range map[string]string{
		"empty":            "",
		"no end":           system,
		"another end":      system + "</Data>",
		"too many ends":    system + "</Event></Event>",
		"cut in a tag":     system + "<EventData",
		"cut in a quote":   system + "<EventData Name='a>",
		"cut in a comment": system + "<!-- </Event>",
		"tag in a tag":     system + "<EventData <Data></Event>",
		"a document type":  "<!DOCTYPE x>" + system + "</Event>",
		"an empty name":    system + "<></></Event>",
		"not an event":     "<Events></Events>",
		"no time":          strings.ReplaceAll(system, "SystemTime", "Time") + "</Event>",
		"not a time":       strings.ReplaceAll(system, "2026-11-21T", "yesterday") + "</Event>",
		"not an ID":        strings.ReplaceAll(system, "7036", "-1") + "</Event>",
		"no ID":            strings.ReplaceAll(system, "EventID", "ID") + "</Event>",
		"no provider":      strings.ReplaceAll(system, "Provider Name", "Provider X") + "</Event>",
		"too deep":         system + strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40) + "</Event>",
		"too many data":    system + "<EventData>" + strings.Repeat("<Data/>", maxEventFields+1) + "</EventData></Event>",
	} {
		if e, err := parseEvent(text); err == nil {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func FuzzParseEvent(f *testing.F) {
	f.Add(system + `<EventData><Data Name='a'>1 &amp; &#50;</Data><Data/></EventData></Event>`)
	f.Add(system + `<UserData><x:A xmlns:x='y'><B>1</B></x:A></UserData></Event>`)
	f.Add(`<?xml version="1.0"?><!-- --><Event><![CDATA[]]></Event>`)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := parseEvent(text)
		if err != nil {
			return
		}
		if e.Provider == "" || e.Time.IsZero() || len(e.Data) > maxEventFields {
			t.Errorf("%q: %+v", text, e)
		}
		size := len(e.Provider)
		for _, f := range e.Data {
			size += len(f.Name) + len(f.Text)
		}
		// A reference to a character, &#0; at the shortest, is never shorter
		// than the character.
		if size > len(text) {
			t.Errorf("%q: more text came out than went in", text)
		}
	})
}

func TestXPath(t *testing.T) {
	since := time.Date(2026, 11, 14, 18, 0, 0, 0, time.FixedZone("JST", 9*60*60))
	for _, c := range []struct {
		query EventQuery
		want  string
	}{
		{EventQuery{}, "*"},
		{EventQuery{Providers: []string{"A", "B's"}}, `*[System[Provider[@Name='A' or @Name="B's"]]]`},
		{EventQuery{IDs: []uint32{1, 6041}}, "*[System[(EventID=1 or EventID=6041)]]"},
		{EventQuery{Since: since}, "*[System[TimeCreated[@SystemTime>='2026-11-14T09:00:00.000Z']]]"},
		{EventQuery{Providers: []string{"A"}, IDs: []uint32{1}, Since: since},
			"*[System[Provider[@Name='A'] and (EventID=1) and TimeCreated[@SystemTime>='2026-11-14T09:00:00.000Z']]]"},
		{EventQuery{IDs: make([]uint32, 9), Providers: []string{"A"}}, "*[System[Provider[@Name='A']]]"},
	} {
		if got, ok := c.query.xpath(); !ok || got != c.want {
			t.Errorf("%+v: %v\n got %s\nwant %s", c.query, ok, got, c.want)
		}
	}
	if q, ok := (EventQuery{Providers: []string{`a'b"c`}}).xpath(); ok {
		t.Errorf("a name with both quotes: %s", q)
	}
}

// A text of ampersands without an end takes no longer than another.
func TestUnescapeManyAmpersands(t *testing.T) {
	text := strings.Repeat("&", 1<<20)
	start := time.Now()
	if unescapeXML(text) != text {
		t.Error("changed")
	}
	if d := time.Since(start); d > time.Second {
		t.Error(d)
	}
	if got := unescapeXML("&#x0010ffff;&amp&lt;&#65;"); got != "\U0010ffff&amp<A" {
		t.Errorf("%q", got)
	}
}
