#!/bin/sh
# make_dmg.sh APP DMG: sign the bundle, put it into a disk image beside a link to Applications, and have it notarised.
#
# CODESIGN_IDENTITY  the "Developer ID Application" certificate; without it the bundle is signed for this computer only
# NOTARY_PROFILE     a profile stored by `xcrun notarytool store-credentials`; without it nothing is notarised
#
# Silent installation: hdiutil attach -nobrowse, ditto to /Applications, hdiutil detach. Removal: delete the bundle;
# the journal lies in ~/Library/Application Support/optty-desktop and stays.
set -eu
app=$1 dmg=$2
here=$(cd "$(dirname "$0")" && pwd)
identity=${CODESIGN_IDENTITY:--}

# Licences and the list of what is inside go with the bundle, and under its signature.
cp -R "$(dirname "$app")/optty-desktop/NOTICE" "$(dirname "$app")/optty-desktop/sbom.cdx.json" "$app/Contents/Resources/"

codesign --force --deep --options runtime --entitlements "$here/entitlements.plist" \
    --sign "$identity" "$app"
codesign --verify --deep --strict "$app"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
ditto "$app" "$stage/$(basename "$app")"
ln -s /Applications "$stage/Applications"
hdiutil create -volname "Payment Links" -srcfolder "$stage" -format ULFO -ov "$dmg"

if [ "$identity" != "-" ] && [ -n "${NOTARY_PROFILE:-}" ]; then
    codesign --sign "$identity" --timestamp "$dmg"
    xcrun notarytool submit "$dmg" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$dmg"
fi
