#!/bin/bash
# coregram catch as the kernel runs it: scripts/catch-real.sh KERNEL
# Boots a virtual machine on this machine's own files, read-only, sets catch up there by what --print-setup prints, kills a
# threaded Python by SIGSEGV and lets another one fault in a thread, and compares the answers with what gcore's core says.
# KERNEL is a folder with boot/vmlinuz-VERSION and lib/modules/VERSION, as of
#   apt-get download linux-image-VERSION-amd64 && dpkg -x linux-image-*.deb KERNEL
# ACCEL=kvm is faster, where the machine lets its own guests have guests. Needs qemu-system-x86_64, busybox (static), cpio, kmod, and in what it boots python3, gdb, Node and a build (npm run build).
set -euo pipefail

kernel=$(cd "${1:?usage: scripts/catch-real.sh KERNEL}" && pwd)
clone=$(cd "$(dirname "$0")/.." && pwd)
version=$(basename "$kernel"/lib/modules/*)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What the first program of the machine needs: a shell, and the modules by which it reaches this machine's files.
mkdir -p "$scratch/root"/{bin,lower,upper,new,proc}
cp "$(command -v busybox)" "$scratch/root/bin/busybox"
depmod -b "$kernel" "$version"
for module in virtio_pci 9pnet_virtio 9p overlay; do
  modprobe -d "$kernel" -S "$version" --show-depends "$module" | awk '/^insmod/ { print $2 }'
done | awk '!seen[$0]++' >"$scratch/modules"
while read -r module; do
  cp "$module" "$scratch/root/"
  echo "insmod /$(basename "$module")"
done <"$scratch/modules" >"$scratch/insert"

cat >"$scratch/root/init" <<INIT
#!/bin/busybox sh
/bin/busybox --install /bin
export PATH=/bin
$(cat "$scratch/insert")
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000 files /lower
mount -t tmpfs upper /upper
mkdir /upper/changes /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/changes,workdir=/upper/work overlay /new
mount -t tmpfs tmpfs /new/run
mount -t proc proc /new/proc
mount -t sysfs sysfs /new/sys
mount -t devtmpfs devtmpfs /new/dev
cp /guest.sh /program.py /new/run/
# The kernel runs what core_pattern names in the first root there is: this one must be it.
exec switch_root /new /bin/bash /run/guest.sh
INIT
chmod +x "$scratch/root/init"

cat >"$scratch/root/program.py" <<'PROGRAM'
import ctypes, sys, threading, time

class Job:
    def __init__(self, number):
        self.number, self.text = number, "job %d" % number

jobs = [Job(number) for number in range(200_000)]
gate = threading.Event()

def work():
    rows = list(range(5000))
    gate.wait()
    if sys.argv[1:] == ["fault"]:
        ctypes.string_at(0)

threads = [threading.Thread(target=work, name="worker-%d" % n) for n in range(4)]
for thread in threads:
    thread.start()
print("ready", flush=True)
time.sleep(20)
gate.set()
time.sleep(1000)
PROGRAM

cat >"$scratch/root/guest.sh" <<GUEST
set -u
cd /run
export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/run TMPDIR=/run
ln -sf $clone/bin/coregram.js /usr/local/bin/coregram
uname -r
# An emulated machine is slow: more than the minute that a process is kept for unless told otherwise.
/usr/local/bin/coregram catch --print-setup | sed 's/ catch -- / catch --within 9m -- /' >setup.sh && sh setup.sh >/dev/null
cat /proc/sys/kernel/core_pattern
begin() { mkfifo ready; python3 program.py "\$@" >ready & program=\$!; read -r _ <ready; rm ready; sleep 1; }
ended() { local from=\$EPOCHREALTIME; wait \$program 2>/dev/null; echo "status \$?, gone after \$(awk "BEGIN { printf \"%.2f\", \$EPOCHREALTIME - \$from }") s"; }
rows() { node -e '
  const { rows } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  for (const { path, length, retainedBytes, retainedCount } of rows) console.log(path, length, retainedBytes, retainedCount);'; }

begin
gcore -o taken \$program >/dev/null 2>&1
kill -SEGV \$program
ended
answer=\$(ls -d /var/lib/coregram/coregram-*)
ls \$answer
cat /var/lib/coregram/catch.log
coregram owners taken.* --top 40 --format json -q | rows >gcore.txt
rows <\$answer/owners.json >catch.txt
grep '__main__.jobs' gcore.txt catch.txt
echo "\$(grep -cxFf catch.txt gcore.txt) of the first \$(grep -c . gcore.txt) owners of gcore's core are in the answer, byte for byte"

rm -rf /var/lib/coregram/*
begin fault
ended
cat /var/lib/coregram/catch.log
head -1 /var/lib/coregram/coregram-*/crash.txt
head -5 /var/lib/coregram/coregram-*/stacks.txt
busybox poweroff -f
GUEST

(cd "$scratch/root" && find . | cpio --quiet -o -H newc | gzip -1) >"$scratch/initrd"
qemu-system-x86_64 -accel "${ACCEL:-tcg,thread=multi}" -cpu max -m 2G -smp 2 -nographic -no-reboot \
  -kernel "$kernel/boot/vmlinuz-$version" -initrd "$scratch/initrd" -append "console=ttyS0 panic=-1 quiet" \
  -virtfs local,path=/,mount_tag=files,security_model=none,readonly=on,multidevs=remap </dev/null
