// Package e2e holds tests of the whole: the shipped articles are built,
// served, opened in Chromium, downloaded from, and the downloaded program is
// run under Wine, also against servers that lie. It has no code of its own.
//
// On Debian:
//
//	apt-get install --no-install-recommends wine wine64 locales chromium osslsigncode openssl unzip
//	apt-get install --no-install-recommends xrdp libfuse2 freerdp2-shadow-x11 xvfb xauth
//
// Without those the tests are skipped; with KB_E2E=required in the
// environment they fail.
package e2e
