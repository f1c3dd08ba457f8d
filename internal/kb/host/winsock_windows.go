package host

import (
	"errors"
	"io"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// winsockVersion is 2.2, the only one since Windows 98.
const winsockVersion = 0x0202

// startWinsock is to be followed by windows.WSACleanup; Windows counts them.
func startWinsock() error {
	var data windows.WSAData
	if err := windows.WSAStartup(winsockVersion, &data); err != nil {
		return socketError("WSAStartup", err)
	}
	return nil
}

// socket is a connected socket. Whatever it does ends at until, with
// ErrTimeout. Package net does the same for half a megabyte more.
type socket struct {
	fd      windows.Handle
	until   time.Time
	selects *windows.LazyProc // ws2_32 select
	closed  bool
}

// endpoint is an address and port to connect to.
type endpoint struct {
	windows.Sockaddr
	family int
}

// socketError is the answer for a failed call of Winsock.
func socketError(call string, err error) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return failed(call, err)
	}
	switch errno {
	case windows.WSAECONNREFUSED:
		return ErrRefused
	case windows.WSAETIMEDOUT:
		return ErrTimeout
	case windows.WSAENETUNREACH, windows.WSAEHOSTUNREACH, windows.WSAEHOSTDOWN, windows.WSAENETDOWN,
		windows.WSAEADDRNOTAVAIL, windows.WSAEAFNOSUPPORT: // the last two: this machine has no such address at all
		return ErrUnreachable
	case windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.WSAENETRESET, windows.WSAESHUTDOWN, windows.WSAEDISCON:
		return io.EOF
	}
	return &CallError{Call: call, Code: uint32(errno)}
}

// open connects a socket of the given type, SOCK_STREAM or SOCK_DGRAM.
func (r *remote) open(addr endpoint, kind int, until time.Time) (s *socket, err error) {
	if err := startWinsock(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			windows.WSACleanup()
		}
	}()
	fd, err := windows.Socket(addr.family, kind, 0)
	if err != nil {
		return nil, socketError("socket", err)
	}
	s = &socket{fd: fd, until: until, selects: r.selects}
	if err := s.connect(addr.Sockaddr); err != nil {
		windows.Closesocket(fd)
		return nil, err
	}
	return s, nil
}

func (s *socket) connect(addr windows.Sockaddr) error {
	const fionbio = 0x8004667e
	on, n := uint32(1), uint32(0)
	err := windows.WSAIoctl(s.fd, fionbio, (*byte)(unsafe.Pointer(&on)), uint32(unsafe.Sizeof(on)), nil, 0, &n, nil, 0)
	if err != nil {
		return socketError("WSAIoctl", err)
	}
	err = windows.Connect(s.fd, addr)
	if err == windows.WSAEWOULDBLOCK {
		return s.connected()
	}
	if err != nil {
		return socketError("connect", err)
	}
	return nil
}

// connected waits for the end of a connect. One that fails is reported in the
// set of exceptions, its reason in SO_ERROR.
func (s *socket) connected() error {
	if err := s.wait(true); err != nil {
		return err
	}
	const soError = 0x1007
	code, err := windows.GetsockoptInt(s.fd, windows.SOL_SOCKET, soError)
	if err != nil {
		return socketError("getsockopt", err)
	}
	if code != 0 {
		return socketError("connect", syscall.Errno(code))
	}
	return nil
}

// fdSet is an fd_set of one socket.
type fdSet struct {
	count uint32
	fds   [1]windows.Handle
}

// wait waits until the socket can be written to, or read from.
func (s *socket) wait(write bool) error {
	left := time.Until(s.until)
	if left <= 0 {
		return ErrTimeout
	}
	ready, failed := &fdSet{1, [1]windows.Handle{s.fd}}, &fdSet{1, [1]windows.Handle{s.fd}}
	reads, writes := ready, (*fdSet)(nil)
	if write {
		reads, writes = nil, ready
	}
	timeout := &struct{ seconds, microseconds int32 }{int32(left / time.Second), int32(left % time.Second / time.Microsecond)}
	if s.selects.Find() != nil {
		return ErrUnsupported
	}
	n, _, err := s.selects.Call(0, uintptr(unsafe.Pointer(reads)), uintptr(unsafe.Pointer(writes)), uintptr(unsafe.Pointer(failed)), uintptr(unsafe.Pointer(timeout)))
	switch int32(n) {
	case 0:
		return ErrTimeout
	case -1:
		return socketError("select", err)
	}
	return nil
}

// Read implements io.Reader, also for the one packet of a UDP socket.
func (s *socket) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for {
		if err := s.wait(false); err != nil {
			return 0, err
		}
		buf := &windows.WSABuf{Len: uint32(len(b)), Buf: &b[0]}
		var n, flags uint32
		err := windows.WSARecv(s.fd, buf, 1, &n, &flags, nil, nil)
		switch {
		case err == windows.WSAEWOULDBLOCK:
			continue
		case err != nil:
			return 0, socketError("WSARecv", err)
		case n == 0:
			return 0, io.EOF
		}
		return int(n), nil
	}
}

// Write implements io.Writer.
func (s *socket) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		if err := s.wait(true); err != nil {
			return done, err
		}
		buf := &windows.WSABuf{Len: uint32(len(b) - done), Buf: &b[done]}
		var n uint32
		err := windows.WSASend(s.fd, buf, 1, &n, 0, nil, nil)
		if err != nil && err != windows.WSAEWOULDBLOCK {
			return done, socketError("WSASend", err)
		}
		done += int(n)
	}
	return done, nil
}

// Close can be called more than once.
func (s *socket) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	err := windows.Closesocket(s.fd)
	windows.WSACleanup()
	if err != nil {
		return socketError("closesocket", err)
	}
	return nil
}
