package host

import (
	"io"
	"unsafe"

	"golang.org/x/sys/windows"
)

// schannel is the TLS of Windows, the one that mstsc uses. Nothing is verified
// here, and no other host is asked: what a certificate is worth is for the
// caller to judge.
type schannel struct {
	acquireCredentials, freeCredentials *windows.LazyProc
	initialize, deleteContext           *windows.LazyProc
	queryAttributes, freeBuffer         *windows.LazyProc
	encrypt, decrypt                    *windows.LazyProc

	publicKeyLength, certificateProperty *windows.LazyProc
	inetNtop                             *windows.LazyProc
}

func newSchannel(inetNtop *windows.LazyProc) *schannel {
	secur32, crypt32 := windows.NewLazySystemDLL("secur32.dll"), windows.NewLazySystemDLL("crypt32.dll")
	return &schannel{
		acquireCredentials:  secur32.NewProc("AcquireCredentialsHandleW"),
		freeCredentials:     secur32.NewProc("FreeCredentialsHandle"),
		initialize:          secur32.NewProc("InitializeSecurityContextW"),
		deleteContext:       secur32.NewProc("DeleteSecurityContext"),
		queryAttributes:     secur32.NewProc("QueryContextAttributesW"),
		freeBuffer:          secur32.NewProc("FreeContextBuffer"),
		encrypt:             secur32.NewProc("EncryptMessage"),
		decrypt:             secur32.NewProc("DecryptMessage"),
		publicKeyLength:     crypt32.NewProc("CertGetPublicKeyLength"),
		certificateProperty: crypt32.NewProc("CertGetCertificateContextProperty"),
		inetNtop:            inetNtop,
	}
}

// Answers of SSPI, winerror.h.
const (
	secOK                = 0
	secContinueNeeded    = 0x00090312
	secContextExpired    = 0x00090317
	secIncompleteMessage = 0x80090318
	secInternalError     = 0x80090304
)

// status calls a function of SSPI, which returns its status.
//
//go:uintptrescapes
func status(p *windows.LazyProc, args ...uintptr) uint32 {
	if p.Find() != nil {
		return secInternalError
	}
	r, _, _ := p.Call(args...)
	return uint32(r)
}

// secHandle is a CredHandle or a CtxtHandle.
type secHandle struct{ lower, upper uintptr }

// schannelCred is a SCHANNEL_CRED.
type schannelCred struct {
	version, certificates     uint32
	certificate, rootStore    uintptr
	mappersCount              uint32
	mappers                   uintptr
	algorithmsCount           uint32
	algorithms                uintptr
	protocols                 uint32
	weakest, strongest        uint32
	lifespan, flags, credInfo uint32
}

// Protocols of SCHANNEL_CRED, for clients. TLS 1.3 would need SCH_CREDENTIALS,
// and with it could not have 1.0 and 1.1 where they are not the default.
const (
	protocolTLS10 = 0x80
	protocolTLS11 = 0x200
	protocolTLS12 = 0x800
	protocolTLS13 = 0x2000
)

// Kinds of secBuffer.
const (
	bufferEmpty   = 0
	bufferData    = 1
	bufferToken   = 2
	bufferExtra   = 5
	bufferTrailer = 6
	bufferHeader  = 7
)

type secBuffer struct {
	size, kind uint32
	p          *byte
}

func (b *secBuffer) bytes() []byte {
	if b.p == nil {
		return nil
	}
	return unsafe.Slice(b.p, b.size)
}

// buffer makes a buffer of all of b, which is not empty.
func buffer(kind uint32, b []byte) secBuffer { return secBuffer{uint32(len(b)), kind, &b[0]} }

type secBufferDesc struct {
	version, count uint32
	buffers        *secBuffer
}

func describeBuffers(b []secBuffer) *secBufferDesc { return &secBufferDesc{0, uint32(len(b)), &b[0]} }

// tlsSession is a TLS connection over a socket.
type tlsSession struct {
	*schannel
	sock                   io.ReadWriter
	credentials, context   secHandle
	hasContext             bool
	header, trailer, limit uint32 // bytes around a message, and of it at most
	received               []byte // not decrypted yet
	plain                  []byte // not read yet
	closed                 bool
}

const (
	// maxHandshake is the most that a server may send in a handshake, in
	// bytes, and in a single record (16 KiB and its frame) of it later.
	maxHandshake = 128 << 10
	chunk        = 4 << 10
	// maxRounds is the most calls that a handshake, and one Read, may take.
	maxRounds = 200
)

// client makes a handshake.
func (s *schannel) client(sock io.ReadWriter, name string) (*tlsSession, error) {
	t := &tlsSession{schannel: s, sock: sock}
	if err := t.acquire(); err != nil {
		return nil, err
	}
	if err := t.handshake(name); err != nil {
		t.release()
		return nil, err
	}
	return t, nil
}

func (t *tlsSession) acquire() error {
	const (
		call     = "AcquireCredentialsHandleW"
		outbound = 2
		version4 = 4

		noServerNameCheck = 0x4
		manualValidation  = 0x8
		noDefaultCreds    = 0x10
		cacheOnly         = 0x8000
	)
	provider, err := wide(call, "Microsoft Unified Security Protocol Provider")
	if err != nil {
		return err
	}
	cred := &schannelCred{
		version: version4, protocols: protocolTLS10 | protocolTLS11 | protocolTLS12,
		flags: noServerNameCheck | manualValidation | noDefaultCreds | cacheOnly,
	}
	var expiry int64
	code := status(t.acquireCredentials, 0, uintptr(unsafe.Pointer(provider)), outbound, 0, uintptr(unsafe.Pointer(cred)), 0, 0,
		uintptr(unsafe.Pointer(&t.credentials)), uintptr(unsafe.Pointer(&expiry)))
	if code != secOK {
		return &CallError{Call: call, Code: code}
	}
	return nil
}

func (t *tlsSession) handshake(name string) error {
	const call = "InitializeSecurityContextW"
	target, err := wide(call, name)
	if err != nil {
		return err
	}
	if name == "" {
		target = nil
	}
	taken := 0
	for range maxRounds {
		code, err := t.step(target)
		if err != nil {
			return err
		}
		switch {
		case code == secOK:
			return t.measure()
		case code == secContinueNeeded && len(t.received) > 0:
			continue
		case code != secContinueNeeded && code != secIncompleteMessage:
			return &CallError{Call: call, Code: code}
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		if taken += n; taken > maxHandshake {
			break
		}
	}
	return &CallError{Call: call, Code: secIncompleteMessage}
}

// step hands over what was received and sends what comes out. What is left of
// the input stays in t.received.
func (t *tlsSession) step(target *uint16) (code uint32, err error) {
	const (
		replayDetect, sequenceDetect, confidentiality = 0x4, 0x8, 0x10
		useSupplied, allocateMemory, extendedError    = 0x80, 0x100, 0x4000
		stream, manualValidation                      = 0x8000, 0x80000

		flags = replayDetect | sequenceDetect | confidentiality | useSupplied | allocateMemory | extendedError | stream | manualValidation
	)
	out := []secBuffer{{kind: bufferToken}}
	var context *secHandle
	var input *secBufferDesc
	var in []secBuffer
	if t.hasContext {
		context = &t.context
		if len(t.received) == 0 {
			return secIncompleteMessage, nil
		}
		in = []secBuffer{buffer(bufferToken, t.received), {kind: bufferEmpty}}
		input = describeBuffers(in)
	}
	var attributes uint32
	var expiry int64
	code = status(t.initialize, uintptr(unsafe.Pointer(&t.credentials)), uintptr(unsafe.Pointer(context)), uintptr(unsafe.Pointer(target)),
		flags, 0, 0, uintptr(unsafe.Pointer(input)), 0,
		uintptr(unsafe.Pointer(&t.context)), uintptr(unsafe.Pointer(describeBuffers(out))), uintptr(unsafe.Pointer(&attributes)), uintptr(unsafe.Pointer(&expiry)))
	if code == secOK || code == secContinueNeeded {
		t.hasContext = true
	}
	if token := out[0].bytes(); token != nil {
		// Also after an error: an alert that says why.
		_, err = t.sock.Write(token)
		status(t.freeBuffer, uintptr(unsafe.Pointer(out[0].p)))
	}
	switch {
	case code == secIncompleteMessage || in == nil:
	case in[1].kind == bufferExtra:
		t.keep(in[1].size)
	default:
		t.received = nil
	}
	if code != secOK && code != secContinueNeeded {
		err = nil // the code says more than an alert that could not be sent
	}
	return code, err
}

// keep drops all but the last n bytes of what was received.
func (t *tlsSession) keep(n uint32) {
	n = min(n, uint32(len(t.received)))
	t.received = append([]byte(nil), t.received[uint32(len(t.received))-n:]...)
}

// receive reads once more from the socket.
func (t *tlsSession) receive() (int, error) {
	b := make([]byte, chunk)
	n, err := t.sock.Read(b)
	t.received = append(t.received, b[:n]...)
	return n, err
}

func (t *tlsSession) attribute(number uintptr, to unsafe.Pointer) error {
	if code := status(t.queryAttributes, uintptr(unsafe.Pointer(&t.context)), number, uintptr(to)); code != secOK {
		return &CallError{Call: "QueryContextAttributesW", Code: code}
	}
	return nil
}

func (t *tlsSession) measure() error {
	const streamSizes = 4
	var sizes struct{ header, trailer, message, buffers, block uint32 }
	err := t.attribute(streamSizes, unsafe.Pointer(&sizes))
	t.header, t.trailer, t.limit = sizes.header, sizes.trailer, sizes.message
	return err
}

// Write implements io.Writer, for what fits into one record.
func (t *tlsSession) Write(b []byte) (int, error) {
	const call = "EncryptMessage"
	if len(b) == 0 || uint32(len(b)) > t.limit || t.header == 0 || t.trailer == 0 {
		return 0, &CallError{Call: call, Code: errorInvalidParameter}
	}
	end := int(t.header) + len(b)
	record := make([]byte, end+int(t.trailer))
	copy(record[t.header:], b)
	buffers := []secBuffer{
		buffer(bufferHeader, record[:t.header]), buffer(bufferData, record[t.header:end]), buffer(bufferTrailer, record[end:]), {kind: bufferEmpty},
	}
	if code := status(t.encrypt, uintptr(unsafe.Pointer(&t.context)), 0, uintptr(unsafe.Pointer(describeBuffers(buffers))), 0); code != secOK {
		return 0, &CallError{Call: call, Code: code}
	}
	size := buffers[0].size + buffers[1].size + buffers[2].size
	if _, err := t.sock.Write(record[:min(size, uint32(len(record)))]); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Read implements io.Reader.
func (t *tlsSession) Read(b []byte) (int, error) {
	for range maxRounds {
		if len(t.plain) > 0 {
			n := copy(b, t.plain)
			t.plain = t.plain[n:]
			return n, nil
		}
		if t.closed {
			return 0, io.EOF
		}
		code := uint32(secIncompleteMessage)
		if len(t.received) > 0 {
			code = t.open()
		}
		switch code {
		case secOK:
			continue
		case secContextExpired:
			t.closed = true
			continue
		case secIncompleteMessage:
			if len(t.received) > maxHandshake {
				return 0, &CallError{Call: "DecryptMessage", Code: code}
			}
			if _, err := t.receive(); err != nil {
				return 0, err
			}
		default:
			return 0, &CallError{Call: "DecryptMessage", Code: code}
		}
	}
	return 0, &CallError{Call: "DecryptMessage", Code: secIncompleteMessage}
}

// open decrypts one record, in place.
func (t *tlsSession) open() (code uint32) {
	buffers := []secBuffer{buffer(bufferData, t.received), {}, {}, {}}
	code = status(t.decrypt, uintptr(unsafe.Pointer(&t.context)), uintptr(unsafe.Pointer(describeBuffers(buffers))), 0, 0)
	if code != secOK {
		return code
	}
	extra := uint32(0)
	for i := range buffers {
		switch buffers[i].kind {
		case bufferData:
			t.plain = append(t.plain, buffers[i].bytes()...)
		case bufferExtra:
			extra = buffers[i].size
		}
	}
	t.keep(extra)
	return code
}

// release frees what the session holds. It says no farewell to the server.
func (t *tlsSession) release() {
	if t.hasContext {
		status(t.deleteContext, uintptr(unsafe.Pointer(&t.context)))
	}
	status(t.freeCredentials, uintptr(unsafe.Pointer(&t.credentials)))
	t.hasContext, t.credentials = false, secHandle{}
}
