#!/bin/sh
# Installs peers of the matrix, and the browsers that the demo is tested in besides Chromium, from their packages:
#
#   sh tests/interop/peers/set-up.sh openssl nss
#   sh tests/interop/peers/set-up.sh all
#
# On Debian, as root. Elsewhere it says what is missing; tests skip a peer that is not there.
set -eu
cd "$(dirname "$0")"
packages=
python=../../../target/peers/python

# The package of Debian that brings a program or a file.
need() {
  command -v "$1" >/dev/null || [ -e "$1" ] || packages="$packages $2"
}

need_python() {
  python3 -m ensurepip --version >/dev/null 2>&1 || packages="$packages python3-venv"
}

[ "${1-}" != all ] || set -- openssl nss gpgsm bouncycastle pkijs forge pyca thunderbird firefox webkit
for peer; do
  case $peer in
    openssl) need openssl openssl ;;
    nss) need cmsutil libnss3-tools ;;
    gpgsm) need gpgsm gpgsm; need gpg-agent gpg-agent ;;
    bouncycastle) need javac default-jdk-headless; need /usr/share/java/bcmail.jar libbcmail-java ;;
    pkijs | forge) ;; # `cargo xtask build` installs what www/package-lock.json names
    pyca) need_python ;;
    thunderbird) need thunderbird thunderbird; need certutil libnss3-tools; need_python ;;
    firefox) need firefox-esr firefox-esr ;;
    webkit) need WebKitWebDriver webkit2gtk-driver; need xvfb-run xvfb; need xauth xauth ;;
    *) echo "set-up.sh: no peer is called $peer" >&2; exit 2 ;;
  esac
done

if [ -n "$packages" ]; then
  if [ -e /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    # shellcheck disable=SC2086
    apt-get install --yes --no-install-recommends $packages
  else
    echo "peers that are not installed (Debian: apt install$packages)" >&2
  fi
fi

case " $* " in
  *" pyca "* | *" thunderbird "*)
    if ! cmp -s requirements.txt $python/requirements.txt; then
      python3 -m venv --clear $python
      $python/bin/pip install --quiet --requirement requirements.txt
      cp requirements.txt $python/
    fi
    ;;
esac
