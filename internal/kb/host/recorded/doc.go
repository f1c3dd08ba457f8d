// Package recorded is a machine written down as text, for tests.
//
// A recorded machine answers like a real one, but only what its text says, so
// that a test case shows everything its outcome rests on:
//
//	# A line that starts with # is a comment.
//	[system]
//	version = 10.0.26200
//	product = workstation
//
//	[HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion]
//	@ = sz the default value
//	EditionID = sz Professional
//	Folder = expand %SystemRoot%\System32
//	UBR = dword 7092
//	Large = qword 0x100000000
//	List = multi "a" "b"
//	Bytes = binary 01 02 ff
//	Short = raw dword 01 00
//	Secret = !denied
//
//	[HKLM\SOFTWARE\Policies\X] !denied
//
//	[service TermService]
//	state = running
//	start = demand
//	pid = 816
//
//	[token]
//	user = S-1-5-21-1-2-3-1001
//	elevated = yes
//	elevation = full
//	integrity = 0x3000
//	group = S-1-5-32-544 enabled
//	group = S-1-5-114 deny-only
//	privilege = SeBackupPrivilege disabled
//
//	[identity]
//	user = taro
//	domain = EXAMPLE
//	dns = example.test
//	machine = PC1
//	home = C:\Users\taro
//	sid = S-1-5-21-1-2-3-1001
//
//	[env]
//	TEMP = C:\Temp
//
//	[temp]
//	path = C:\Temp\
//
//	[volume C:]
//	type = fixed
//	free = 10 GiB
//	filesystem = NTFS
//
//	[file C:\Temp]
//	attributes = directory
//	owner = S-1-5-18
//	ace = allow 0x1f01ff S-1-5-18
//	ace = deny 0x2 S-1-1-0 inherit-only
//	protected = yes
//	granted = 0x1f01ff
//
//	[file C:\Windows\System32\TSpkg.dll]
//	version = 6.1.7601.24117
//
//	[file C:\Users\taro\Documents\Default.rdp]
//	utf16 = full address:s:server.example.test
//	utf16 = authentication level:i:2
//
//	[file C:\Users\taro\setup.exe:Zone.Identifier]
//	text = [ZoneTransfer]
//	text = ZoneId=3
//
//	[folder Documents]
//	path = C:\Users\taro\Documents
//
//	[drive X:]
//	target = \\server\share
//
//	[program]
//	path = C:\Users\taro\kbprobe.exe
//
//	[security HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion]
//	owner = S-1-5-18
//	ace = allow 0xf003f S-1-5-18
//	ace = allow 0x20019 S-1-5-32-545
//	granted = 0x20019
//
//	[clock]
//	now = 2026-11-21T09:00:00Z
//	boot = -3d
//
//	[events System]
//	event = "LSA (LsaSrv)" 6041 -2h TERMSRV/server 2
//	event = "Service Control Manager" 7036 2026-11-20T09:00:00Z param1="Windows Update" param2=stopped
//
//	[events Microsoft-Windows-NTLM/Operational] !disabled
//
//	[user]
//	name = taro
//	sid = S-1-5-21-1-2-3-1001
//	flags = password-never-expires
//
//	[user hanako]
//	sid = S-1-5-21-1-2-3-1002
//	flags = disabled locked-out
//	bad-passwords = 3
//	password-expired = yes
//	account-expires = 2026-12-31T00:00:00Z
//
//	[group S-1-5-32-555]
//	member = S-1-5-21-1-2-3-1002
//
//	[right SeRemoteInteractiveLogonRight]
//	holder = S-1-5-32-544
//	holder = S-1-5-32-555
//
//	[join]
//	status = domain
//	name = EXAMPLE
//
//	[entra]
//	device = yes
//
//	[credentials]
//	credential = TERMSRV/server domain-password EXAMPLE\taro enterprise prompt-now
//	credential = "Other program" generic "taro yamada" machine
//
//	[wmi root\Microsoft\Windows\DeviceGuard Win32_DeviceGuard]
//	instance = SecurityServicesRunning=1,2 VirtualizationBasedSecurityStatus=2 Version="1.0"
//
//	[secure-kernel]
//	flags = running trustlet
//
//	[processes]
//	process = OneDrive.exe 4711
//	process = svchost.exe 816 elevated
//
//	[openers C:\Users\taro\report.xlsx]
//	process = EXCEL.EXE 1234
//
//	[listeners 3389]
//	process = svchost.exe 816 elevated
//
//	[certificates Remote Desktop]
//	certificate = 000102030405060708090a0b0c0d0e0f10111213 -30d +150d key self-made
//
//	[updates]
//	search = -1d
//	install = never
//
//	[firewall]
//	active = domain private
//
//	[remote server.example.test]
//	address = 10.0.0.5
//	dns = yes
//
//	[names 10.0.0.5]
//	name = server.example.test
//
//	[forward server.example.test]
//	address = 10.0.0.5
//
//	[tcp 10.0.0.5:3389]
//	030000130ee00000000000010008000b000000 = 030000130ed000001234000200080002000000
//	3037a0 = 3005a003020106 closed
//	tls = 1.2
//	subject = server.example.test
//	issuer = Example CA
//	name = server.example.test
//	valid = -30d +150d
//
//	[tcp 10.0.0.5:3390] !refused
//
//	[udp 10.0.0.5:123]
//	reply = 24020000 0000000000000000000000000000000000000000 {40:48} {+10m} {+10m}
//	delay = 20ms
//
// Numbers are decimal, or hexadecimal with 0x. Text stands as it is; if it starts
// with a double quote or a backquote it is a Go string. The bytes behind raw and
// a type (dword, sz, ... or a type's number) go through [host.DecodeValue], as
// those of a real registry do. Where several texts stand in a line, each ends at
// a space, unless it is a Go string.
//
// A time is RFC 3339, or relative to the clock, whichever order the sections
// have: -90s, -2h30m, -3d, +150d. Without a [clock] section it is
// 2026-11-21T09:00:00Z, a day after Windows was started. never, where it can
// stand, is no time.
//
// What can be written:
//
//	product     workstation, server, domain controller (workstation if left out)
//	edition     what GetProductInfo answers, such as 0x65 (0, no answer, if left out)
//	state       stopped, start-pending, stop-pending, running,
//	            continue-pending, pause-pending, paused
//	start       boot, system, auto, demand, disabled
//	pid         of a service, its process (none if left out)
//	elevation   default, limited, full (default if left out)
//	integrity   the last number of the level's SID (0x2000 if left out)
//	group       enabled, deny-only, disabled, or the attributes as 0x...
//	type        fixed, removable, remote, cdrom, ramdisk, unknown
//	free        B, KiB, MiB, GiB, TiB
//	filesystem  a name such as NTFS (not told if left out)
//	attributes  directory, read-only, system, reparse-point, offline,
//	            recall-on-open, recall-on-data-access, or 0x... (none if left out)
//	text        one line of a file's content, or of a stream's (FILE:STREAM), with
//	            CR LF at its end; utf16 the same for content in UTF-16 with a byte
//	            order mark, content for bytes as binary has them
//	ace         allow or deny, mask, SID, then inherit-only or flags as 0x...;
//	            or "type 9", a kind whose mask and SID are not read
//	protected   yes if what is above hands no entries down (no if left out)
//	dacl        in place of ace lines: null (no DACL) or empty (one without entries)
//	folder      Documents, LocalAppData, ProgramFiles, Windows, System32
//	event       provider, ID, time, then data: TEXT, or NAME=TEXT
//	user        without a name, and with a line for it, this process's own account
//	flags       of a user disabled, locked-out, password-not-required,
//	            password-never-expires, smartcard-required, or 0x...;
//	            of the secure kernel running, hvci, hvci-strict, trustlet, or 0x...
//	status      unknown, none, workgroup, domain
//	credential  target; generic, domain-password, domain-certificate or
//	            domain-extended; user; session, machine or enterprise; then
//	            prompt-now or flags as 0x...
//	instance    NAME=VALUE, or NAME=VALUE,VALUE for an array; NAME= is an empty
//	            array, NAME="" an empty text
//	process     program, PID, then elevated if it is
//	active      domain, private, public, or 0x...: profiles of networks that are
//	            connected
//	certificate SHA-1 hash, first and last time of validity, then key if it has a
//	            private key, self-made if it is its own issuer
//	dns         no if only something else knows the host's addresses (yes if left out)
//	tcp         bytes that are awaited = bytes that are sent for them; then closed,
//	            stall (if left out), or endless, which sends them for ever.
//	            In place of an answer !refused and !unreachable, too
//	tls         1.0 to 1.3, or an answer such as !failed CALL CODE, or closed; below
//	            it subject, issuer, name for each alternative name, valid with first
//	            and last time, sha1, bits (2048 if left out), chain as 0x... (0)
//	reply       bytes; {40:48} are those of the packet that is answered, {+10m} is a
//	            time of NTP. Each packet gets the next reply, later ones the last.
//	            The clock goes on by delay between question and answer
//
// In place of any value, or behind any section's header, can stand what the
// machine answers instead: !absent, !denied, !unsupported, !timeout, !disabled,
// !stopped, !failed CALL CODE, or !hang, which never answers. In a file's section
// "security = !denied" stands for owner, permissions and granted together, and
// "entries = !denied" for the list of what a folder holds. That list is made of
// the files directly below it that have a section.
// Lines that can come more than once, such as event and member, are part of one
// answer: none of them can be replaced alone.
//
// A registry key is there if it has a section, or if a key below it has; behind
// the header of a key that has values below it, !denied does not close those.
//
// What is not written down is absent, as far as a machine can lack it:
// registry keys and values, services, files, drives, folders, users, channels,
// variables. Everything else is not supported unless it is given: a section
// without lines is how a list, such as [credentials], is empty. Keys, names and
// paths compare without regard to case; the providers of events do not.
//
// Anything that is not understood is an error, an *[Error]: a misspelt key must
// not make a test pass.
package recorded
