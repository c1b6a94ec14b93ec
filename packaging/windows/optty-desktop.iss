; The Windows installer, made by Inno Setup 6: iscc /DVersion=1.2.3 packaging\windows\optty-desktop.iss
; `dev.py bundle` does so on Windows. Silent: optty-desktop-….exe /VERYSILENT /NORESTART /ALLUSERS
; Silent removal: "C:\Program Files\Payment Links\unins000.exe" /VERYSILENT /NORESTART
; Nothing below the person's own folders is ever named here, so that the journal survives.

#ifndef Version
  #error Give the version: iscc /DVersion=1.2.3
#endif
#define Name "Payment Links"
#define Publisher "The Optty Desktop authors"
#define Program "optty-desktop"

[Setup]
; The second brace is Inno Setup's way to write one that opens. Never change it: updates find the program by it.
AppId={{BAC52CDE-93A8-403D-804D-81EFDDE436D5}
AppName={#Name}
AppVersion={#Version}
AppPublisher={#Publisher}
VersionInfoVersion={#Version}
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\bundle\work\icons\app.ico
UninstallDisplayIcon={app}\{#Program}.exe
OutputDir=..\..\dist
OutputBaseFilename={#Program}-{#Version}-windows-setup
Compression=lzma2/max
SolidCompression=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline dialog
; The program writes every answer down before it ends: it is asked to close, never ended by force.
CloseApplications=yes
RestartApplications=no

[InstallDelete]
; Libraries of the version before must not lie beside the new ones.
Type: filesandordirs; Name: "{app}\_internal"

[Dirs]
; Where policy.toml belongs. It stays when the program is removed.
Name: "{commonappdata}\{#Program}"; Flags: uninsneveruninstall; Check: IsAdminInstallMode

[Files]
Source: "..\..\dist\{#Program}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\{#Program}.exe"
Name: "{group}\Practise without an account"; Filename: "{app}\{#Program}.exe"; Parameters: "--training"

[Run]
; Whoever works here may make folders below ProgramData, and owns what they make. So the folder is given to the
; administrators, forgets whatever rights it had and inherits none, and staff may only read it. The numbers are those of
; Administrators, SYSTEM and Users, which have other names in other languages. /L: of a link, the link and not its target.
Filename: "{sys}\icacls.exe"; Parameters: """{commonappdata}\{#Program}"" /setowner *S-1-5-32-544 /T /C /L /Q"; Flags: runhidden; Check: IsAdminInstallMode
Filename: "{sys}\icacls.exe"; Parameters: """{commonappdata}\{#Program}"" /reset /T /C /L /Q"; Flags: runhidden; Check: IsAdminInstallMode
Filename: "{sys}\icacls.exe"; Parameters: """{commonappdata}\{#Program}"" /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX /L /Q"; Flags: runhidden; Check: IsAdminInstallMode
