"""Searches a core for anything of the machine or the account that made it: search.py CORE [GIVEN...]

GIVEN are values that the dumped process was given on purpose. Says what it
finds on stderr; exit 1 if there is anything.
"""

import os
import pwd
import re
import socket
import struct
import sys

# Of whatever maker: homes, package managers, secrets.
TELLTALES = ["/home/", "/root", "/work", "/nix/", ".pyenv", ".cargo", ".npm", "proxy=", "PROXY="]
TELLTALES += ["TOKEN=", "SECRET=", "PASSWORD=", "_KEY=", "SSH_", "BEGIN PRIVATE", "BEGIN RSA"]


def lines_of(path):
    try:
        with open(path) as file:
            return file.read().split("\n")
    except OSError:
        return []


def phrases(given):
    """Texts that may stand nowhere, be it inside of others."""
    system = os.uname()
    found = [*TELLTALES, system.release, system.version, os.path.expanduser("~"), os.getcwd()]
    # bash sets `_` to the command that it starts: this one.
    values = [value for name, value in os.environ.items() if name != "_"]
    found += [line for value in values for line in value.split("\n")]
    found += [*lines_of("/etc/machine-id"), *lines_of("/proc/sys/kernel/random/boot_id")]
    return {text for text in found if len(text) >= 4 and text not in given}


def names():
    """Texts that mean something only as a whole word: short names, numbers that may be part of others."""
    host, account = socket.gethostname(), pwd.getpwuid(os.getuid()).pw_name
    found = {host, socket.getfqdn(), account, os.environ.get("SUDO_USER", "")}
    found |= {each[4][0] for each in addresses(host)}
    for line in lines_of("/etc/resolv.conf"):
        if line.startswith(("nameserver", "search", "domain")):
            found |= set(line.split()[1:])
    # An administrator's name says nothing, nor do those that every machine has.
    return {name for name in found if name not in ("", ".", "root", "localhost", "127.0.0.1", "::1")}


def addresses(host):
    try:
        return socket.getaddrinfo(host, None)
    except OSError:
        return []


def patterns_of(name):
    """Where a name counts as found: between texts, on its own, as a Python str or bytes (3.11)."""
    text = re.escape(name.encode())
    length = re.escape(struct.pack("<q", len(name)))
    yield b"(?s)" + length + b"(.{8}|.{24})" + text + b"\0"
    if len(name) >= 4:
        yield rb"(?<![\w.-])" + text + rb"(?![\w.-])(?!/\d)"
    else:
        # Two or three letters on their own are found in any number of pointers and hashes.
        yield rb"[ -~]{6}(?<![\w.-])" + text + rb"(?![\w.-])"
        yield rb"(?<![\w.-])" + text + rb"(?![\w.-])[ -~]{6}"


path, given = sys.argv[1], sys.argv[2:]
with open(path, "rb") as core:
    data = core.read()
hits = [text for text in phrases(given) if text.encode() in data]
hits += [name for name in names() if any(re.search(pattern, data) for pattern in patterns_of(name))]
for hit in sorted(hits):
    print(f"{path} holds {hit!r}", file=sys.stderr)
sys.exit(1 if hits else 0)
