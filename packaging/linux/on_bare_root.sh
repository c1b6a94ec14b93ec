#!/bin/sh
# on_bare_root.sh ROOT USER:GROUP PROGRAM_FOLDER SOCKETS COMMAND…: run COMMAND as that user inside ROOT, in the namespaces
# that unshare gave it: PROGRAM_FOLDER read-only, and the sockets of X servers from the folder SOCKETS.
# Needs to be root. Started by `dev.py bundle --check` through unshare.
set -eu
root=$1 user=$2 folder=$3 sockets=$4
shift 4

mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind "$root$folder" "$root$folder"
mount -o remount,bind,ro "$root$folder"
mkdir -p "$root/tmp/.X11-unix"
mount --bind "$sockets" "$root/tmp/.X11-unix"
ip link set lo up
exec chroot --userspec="$user" "$root" "$@"
