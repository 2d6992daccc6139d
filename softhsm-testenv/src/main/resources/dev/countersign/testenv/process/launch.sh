# Becomes the given program (same pid), after leaving a watchdog behind that reads orders from the pipe
# this script was given as standard input. The launching JVM holds the only writing end, so end of
# file means that the JVM is gone, however it died.
#
# usage: launch.sh STOP_SIGNAL GRACE_TENTHS PROGRAM [ARGUMENT...]
stop=$1
grace=$2
shift 2
pid=$$
exec 3<&0 </dev/null

# The start time in clock ticks tells the program from a later owner of its pid (empty without /proc).
born() { cut -d' ' -f22 "/proc/$pid/stat" 2>/dev/null; }
alive() { kill -0 "$pid" 2>/dev/null && [ "$(born)" = "$birth" ]; }
order() { alive && kill -s "$1" "$pid"; }

watch() {
  trap '' HUP INT QUIT TERM
  birth=$(born)
  while read -r signal <&3; do
    order "$signal"
  done
  order "$stop"
  while alive && [ "$grace" -gt 0 ]; do
    sleep 0.1
    grace=$((grace - 1))
  done
  order KILL
}

# Forked twice: the program must not find a child it never started.
( watch & ) >/dev/null 2>&1
exec 3<&-
exec "$@"
