#!/bin/sh
# on_bare_root.sh ROOT PROGRAM_FOLDER SOCKETS COMMAND…: run COMMAND as user 1000 inside ROOT, in namespaces of its own:
# no network but the loopback, PROGRAM_FOLDER read-only, and the sockets of X servers from the folder SOCKETS.
# Needs to be root. Started by `dev.py bundle --check` through unshare.
set -eu
root=$1 folder=$2 sockets=$3
shift 3

mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind "$root$folder" "$root$folder"
mount -o remount,bind,ro "$root$folder"
mkdir -p "$root/tmp/.X11-unix"
mount --bind "$sockets" "$root/tmp/.X11-unix"
ip link set lo up
exec chroot --userspec=1000:1000 "$root" "$@"
