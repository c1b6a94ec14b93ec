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

[Files]
Source: "..\..\dist\{#Program}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\{#Program}.exe"
Name: "{group}\Practise without an account"; Filename: "{app}\{#Program}.exe"; Parameters: "--training"
