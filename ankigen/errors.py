"""Failures outside the notes: one class per situation, each with the advice and the exit code that the user gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    ERRORS_IN_NOTES = 1
    WRONG_COMMAND_LINE = 2
    FAILED = 3
    PROTECTED = 4
    CHANGES_PENDING = 5
    STOPPED = 130  # what a shell gives to a program that an interrupt ends


class AnkigenError(Exception):
    """A failure that the user can fix; its text is one line of advice."""

    exit_code = ExitCode.FAILED


class NoSuchSource(AnkigenError):
    """The notes named on the command line do not exist."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, source: Path) -> None:
        super().__init__(f"no such file or folder: {source}")


class NoSuchNote(AnkigenError):
    """No note has the GUID or stands at the place that the command line names."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, name: str) -> None:
        super().__init__(f"no note is {name}: name it by its GUID, or by file and line as `ankigen plan` does")


class NamelessFolder(AnkigenError):
    """The name of a folder is not valid text, so no file can contain it."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, folder: Path) -> None:
        super().__init__(f"the name of {folder} is not UTF-8: rename it")


class BrokenFolderName(AnkigenError):
    """The name of a folder has a line break in it, and a workflow lists its folders one per line."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, folder: Path) -> None:
        super().__init__(f"the name of {folder} has a line break in it: rename it")


class SeveralSets(AnkigenError):
    """The sources on the command line belong to several sets of notes, each with its own lock file."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, roots: Iterable[Path]) -> None:
        named = " and ".join(str(root) for root in roots)
        super().__init__(f"{named} are separate sets of notes: run ankigen on each")


class SetsBelow(AnkigenError):
    """A new lock file would take the notes of folders that have a lock file or options of their own."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, root: Path, folders: Sequence[str]) -> None:
        named = " and ".join(folders[:2]) + (f" and {len(folders) - 2:,} more" if len(folders) > 2 else "")
        has = "has" if len(folders) == 1 else "have"
        super().__init__(
            f"{named} in {root} {has} an ankigen.lock or ankigen.toml: name the folder of one course; "
            "--new-lock makes one set of all notes, with new cards for your readers"
        )


class NothingSelected(AnkigenError):
    """No card has the deck or tag named on the command line; `close` is a similar name."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, what: str, name: str, close: str) -> None:
        advice = f"did you mean {close}?" if close else "`ankigen list --json` shows what there is"
        super().__init__(f"no card {what} {name}: {advice}")


class NoteTypeExists(AnkigenError):
    """A note type with that name already exists; its files may have been changed."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} already exists: choose another name, or delete it first")


class BadNoteType(AnkigenError):
    """A note type cannot be written as files: a name in it is not valid for a file or for Anki."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"{name}: {fault}")


class NoSuchNoteType(AnkigenError):
    """Anki has no note type of that name."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, name: str, close: str) -> None:
        advice = f"did you mean {close}?" if close else "Tools > Manage Note Types shows what there is"
        super().__init__(f"Anki has no note type {name}: {advice}")


class NotANote(AnkigenError):
    """The file named on the command line is in no language that ankigen reads."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, source: Path, suffixes: str) -> None:
        super().__init__(f"{source} is not a file of notes; ankigen reads {suffixes}")


class BrokenConfig(AnkigenError):
    """An option is misspelt, or has a value that it cannot have."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")


class NoPackage(AnkigenError):
    """The output is named like a file of another kind, so it is surely not meant as a folder."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, path: Path, meant: Path) -> None:
        super().__init__(
            f"{path} is not an Anki package: write -o {meant}, or -o with a folder to get one package per deck"
        )


class BadClock(AnkigenError):
    """SOURCE_DATE_EPOCH is not a time that notes can be dated with."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, first: int, last: int) -> None:
        super().__init__(
            f"SOURCE_DATE_EPOCH must be seconds since 1970, from {first} to {last}: correct it, or unset it"
        )


class WrongSystemClock(AnkigenError):
    """This machine's clock shows a time that notes cannot be dated with."""

    def __init__(self) -> None:
        super().__init__("this machine's clock is wrong by many years: set it, or set SOURCE_DATE_EPOCH")


class NoCards(AnkigenError):
    """There is nothing to put into a package."""

    exit_code = ExitCode.ERRORS_IN_NOTES

    def __init__(self, sources: Iterable[Path], advice: str) -> None:
        named = ", ".join(str(source) for source in sources)
        super().__init__(f"nothing to build: found no cards in {named}; {advice}")


class ErrorsInNotes(AnkigenError):
    """There is a mistake in the notes, and `--strict` was given."""

    exit_code = ExitCode.ERRORS_IN_NOTES

    def __init__(self) -> None:
        super().__init__("nothing was built: --strict stops at the problems above")


class CannotWrite(AnkigenError):
    """A file could not be written; one that was there is unchanged."""

    def __init__(self, path: Path, failure: OSError) -> None:
        super().__init__(f"cannot write {path}: {failure.strerror or failure}")


class SystemFailed(AnkigenError):
    """The system refused something that ankigen takes for granted, such as a place to print to or a current folder."""

    def __init__(self, failure: OSError) -> None:
        where = f"{failure.filename}: " if failure.filename else ""
        super().__init__(f"a system call failed: {where}{failure.strerror or failure}")


class NoCurrentFolder(AnkigenError):
    """The folder that the command runs in has been deleted."""

    def __init__(self) -> None:
        super().__init__("the current folder has been deleted: change to one that exists")


class CannotPrint(AnkigenError):
    """Output could not be printed, for example because the disk is full."""

    def __init__(self, failure: OSError) -> None:
        super().__init__(f"cannot print: {failure.strerror or failure}")


class CannotRead(AnkigenError):
    """A file that ankigen needs, other than a note, cannot be read."""

    def __init__(self, path: Path, failure: OSError | UnicodeDecodeError) -> None:
        reason = failure.strerror if isinstance(failure, OSError) else "it is not UTF-8"
        super().__init__(f"cannot read {path}: {reason or failure}")


class ChangedMeanwhile(AnkigenError):
    """A file of notes has changed since it was read; writing would undo somebody's edit."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} changed while it was read: nothing was written to it; run the command again")


class BrokenLock(AnkigenError):
    """The lock file is damaged; continuing would lose track of which note is which."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path, line: int, fault: str) -> None:
        super().__init__(f"{path}:{line}: {fault}")


class StaleLock(AnkigenError):
    """The lock file does not match the notes, and `--locked` was given."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} does not match the notes: run `ankigen build` without --locked and commit the file")


class PackageOfOthers(AnkigenError):
    """A package of another set of notes would be replaced, and `--locked` was given: its course would be missing."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} holds notes of another set: give the top-level decks of two courses different names, or delete it"
        )


class LockMissing(AnkigenError):
    """There is no lock file in CI, where nobody would keep a new one; `restoring` is a command that brings it back."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path, restoring: str | None, *, is_shallow: bool) -> None:
        advice = "build once on your machine and commit it"
        if restoring:
            advice = f"git has it, `{restoring}` restores it"
        elif is_shallow:
            advice = f"{advice}, or fetch the whole history (`fetch-depth: 0`), from which it can be restored"
        super().__init__(f"{path} is missing: {advice}; --new-lock says that this is the first build")


class LockUntracked(AnkigenError):
    """The lock file is not committed, in CI."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not tracked by git: commit it, or notes made here may duplicate those made elsewhere; "
            "--new-lock says that this is the first build"
        )


class GitFailed(AnkigenError):
    """Git cannot show an earlier lock file."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"git cannot show the earlier lock file: {reason}")


class ShallowHistory(AnkigenError):
    """The clone has no history, so every note would look new."""

    def __init__(self) -> None:
        super().__init__(
            "this clone has no history to compare with: fetch all of it (`fetch-depth: 0`), or pass --since"
        )


class AnkiNotRunning(AnkigenError):
    """Nothing answers at the address of AnkiConnect."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"nothing answers at {url}: start Anki with the AnkiConnect add-on (2055492159), or pass --url"
        )


class NoSuchHost(AnkiNotRunning):
    """The host name in the address does not exist."""

    def __init__(self, url: str) -> None:
        AnkigenError.__init__(self, f"unknown host in {url}: correct it, or pass --url 127.0.0.1:8765")


class HostSilent(AnkiNotRunning):
    """The machine neither accepts nor refuses a connection: it is off, or something in between blocks it."""

    def __init__(self, url: str, seconds: float) -> None:
        AnkigenError.__init__(
            self,
            f"no connection to {url} within {seconds:.0f} s: check that the machine is on and its firewall allows this "
            "port, or pass --url",
        )


class WrongAddress(AnkigenError):
    """The address given is not one that AnkiConnect could listen on."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is not an AnkiConnect address: give host and port, such as 127.0.0.1:8765")


class NoTls(AnkigenError):
    """TLS was tried with a program that does not support it, such as AnkiConnect itself."""

    def __init__(self, url: str) -> None:
        super().__init__(f"the program at {url} does not support TLS: use http:// instead of https://")


class TlsWanted(AnkigenError):
    """Plain HTTP was sent to a program that requires TLS."""

    def __init__(self, url: str) -> None:
        super().__init__(f"the program at {url} requires TLS: use https:// instead of http://")


class NotTrusted(AnkigenError):
    """TLS failed because the certificate is not trusted on this machine, or is for another name."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"the certificate of {url} is not trusted: use a trusted one, or reach Anki through an SSH tunnel"
        )


class NotAnkiConnect(AnkigenError):
    """The program that answers at the address is not AnkiConnect; `answer` says what it answers instead."""

    def __init__(self, url: str, answer: str = "") -> None:
        what = f" (it answers with {answer})" if answer else ""
        super().__init__(
            f"the program at {url} is not AnkiConnect{what}: install add-on 2055492159 in Anki, "
            "or pass its address with --url"
        )


class ApiKeyRefused(AnkigenError):
    """The key is missing, wrong, or given although none is configured."""

    def __init__(self, is_required: bool, is_given: bool) -> None:
        super().__init__(_key_advice(is_required, is_given))


def _key_advice(is_required: bool, is_given: bool) -> str:
    match is_required, is_given:
        case True, True:
            return (
                "AnkiConnect rejected the API key: compare ANKIGEN_ANKICONNECT_KEY with apiKey in the add-on's config"
            )
        case True, False:
            return "AnkiConnect needs an API key: set ANKIGEN_ANKICONNECT_KEY to apiKey from the add-on's config"
        case _:
            return "AnkiConnect has no API key configured but was given one: unset ANKIGEN_ANKICONNECT_KEY"


class NoProfileOpen(AnkigenError):
    """Anki runs without an open collection."""

    def __init__(self) -> None:
        super().__init__("Anki has no profile open: choose one in its window, then run the same command again")


class CollectionBusy(AnkigenError):
    """Anki's collection is in use, for example by a full sync, or another one was opened meanwhile."""

    def __init__(self) -> None:
        super().__init__("Anki's collection is busy: wait until its sync or check is done, then run the command again")


class NoSuchCollection(AnkigenError):
    """No collection is at the path that was given."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, path: Path) -> None:
        super().__init__(f"no such collection: {path}; give the collection.anki2 of a profile, or the profile's name")


class NoSuchProfile(AnkigenError):
    """Anki has no profile of that name on this machine."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, name: str, known: Iterable[str], folders: Iterable[Path]) -> None:
        names = ", ".join(known)
        where = " and ".join(map(str, folders))
        advice = f"there are {names}" if names else f"there is none in {where}; give the path of its collection.anki2"
        super().__init__(f"no Anki profile {name}: {advice}")


class SeveralProfiles(AnkigenError):
    """Two of Anki's folders have a profile of that name."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, name: str, paths: Iterable[Path]) -> None:
        named = " and ".join(map(str, paths))
        super().__init__(f"several Anki profiles are called {name}: give a path instead, {named}")


class NotACollection(AnkigenError):
    """The file is not a collection of Anki's."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not an Anki collection: give the collection.anki2 of a profile, or the profile's name"
        )


class TwoTargets(AnkigenError):
    """Both an address of AnkiConnect and another target were given."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self) -> None:
        super().__init__("--to and --url name two targets: give one of them")


class CollectionOpen(AnkigenError):
    """Anki has the collection open; `holder` is the process, if it is known."""

    def __init__(self, path: Path, holder: str) -> None:
        who = f"Anki ({holder})" if holder else "Anki"
        super().__init__(f"{who} has {path} open: close Anki, or leave --to out to sync with it through AnkiConnect")


class CollectionTooNew(AnkigenError):
    """A newer Anki wrote the collection than the installed library can read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was written by a newer Anki: update the library with pip install --upgrade anki")


class LibraryTooNew(AnkigenError):
    """The installed library would upgrade the collection, and the reader's Anki could not open it any more."""

    def __init__(self, path: Path, release: str) -> None:
        super().__init__(
            f"Anki's library {release} would change the tables of {path}: update Anki and open it there once, "
            "or install the library of your Anki's release with pip install anki==RELEASE"
        )


class CollectionTooOld(AnkigenError):
    """The collection has the tables of an Anki of years ago, and opening it would change them for good."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was written by a very old Anki: open it once in Anki 25.9 or later, then close Anki")


class CollectionDamaged(AnkigenError):
    """The database of a collection is broken."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is damaged: open it in Anki and run Tools > Check Database, or restore a backup")


class CollectionChanged(AnkigenError):
    """Somebody changed a collection between the plan and the work."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, path: Path | str) -> None:
        super().__init__(f"{path} has changed since it was read: nothing was written, run the command again")


class AnkiWebRefused(AnkigenError):
    """AnkiWeb was named as a target."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self) -> None:
        super().__init__(
            "AnkiWeb does not let other programs sync: use a running Anki, a closed one (--to with its profile), "
            "or a sync server of your own"
        )


class WrongSyncAddress(AnkigenError):
    """What was given as the address of a sync server cannot be one, or must not be used."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, fault: str) -> None:
        super().__init__(f"the address behind --to {fault}")


class SyncUserMissing(AnkigenError):
    """Nobody said which account of a sync server is meant."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self) -> None:
        super().__init__("a sync server needs a user: set ANKIGEN_SYNC_USER, or write https://user@host/")


class SyncPasswordMissing(AnkigenError):
    """Nothing has the password of a sync server, and nobody can be asked."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"{endpoint} needs a password: set ANKIGEN_SYNC_PASSWORD, or run ankigen on a terminal")


class SyncPasswordWrong(AnkigenError):
    """A sync server does not know the user, or not with this password."""

    def __init__(self, endpoint: str, user: str) -> None:
        super().__init__(f"{endpoint} does not accept the password of {user}: check ANKIGEN_SYNC_PASSWORD")


class SyncUnreachable(AnkigenError):
    """A sync server does not answer."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(f"no answer from {endpoint} ({reason}): check the address and the network, then run it again")


class NotASyncServer(AnkigenError):
    """What answers at an address is no sync server of Anki's."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"{endpoint} is not an Anki sync server: check the address, with its path if it has one")


class SyncMoved(AnkigenError):
    """A sync server sends on to another address."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, endpoint: str, other: str) -> None:
        super().__init__(f"{endpoint} sends on to {other}: if you trust that server, give its address behind --to")


class SyncRefused(AnkigenError):
    """A sync server refused a sync, for a reason of its own."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(f"{endpoint} refused to sync: {reason}")


class ServerEmpty(AnkigenError):
    """A sync server has no collection yet."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"{endpoint} has no collection yet: sync it once from Anki, so that yours is there first")


class CollectionReplaced(CollectionChanged):
    """Another device uploaded its whole collection between the plan and the work."""

    def __init__(self, endpoint: str) -> None:
        AnkigenError.__init__(
            self, f"another device replaced the collection on {endpoint}: nothing was sent, run the command again"
        )


class CopyOutOfStep(CollectionChanged):
    """A sync found that the copy of a server's collection does not have what the server has."""

    def __init__(self, endpoint: str) -> None:
        AnkigenError.__init__(
            self,
            f"the copy of the collection on {endpoint} does not match it: nothing was sent, "
            "run the command again, which takes a new copy",
        )


class FullSyncWanted(AnkigenError):
    """A change would make all devices upload or download their whole collection."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, endpoint: str) -> None:
        super().__init__(
            f"{endpoint} would need a full sync, which may lose reviews of other devices: "
            "make this change in Anki, running or closed, and sync from there"
        )


class AddOnTooOld(AnkigenError):
    """The add-on lacks an action, or a part of it that ankigen needs."""

    def __init__(self, action: str) -> None:
        super().__init__(f"this AnkiConnect is too old for `{action}`: update the add-on in Anki (Tools > Add-ons)")


class ImportMissing(AnkigenError):
    """The server cannot import packages."""

    def __init__(self) -> None:
        super().__init__(
            "this server cannot import packages: sync with Anki for desktop, 25.9 or later, and AnkiConnect"
        )


class ImportRefused(AnkigenError):
    """Anki could not import a package; `text` is its reason and may be empty."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"Anki refused the package ({text or 'it gave no reason'}): run Tools > Check Database in Anki"
        )
        self.text = text


class AnkiRefused(AnkigenError):
    """AnkiConnect answered an action with an error that has no class here."""

    def __init__(self, action: str, text: str) -> None:
        super().__init__(f"Anki refused `{action}`: {text or 'it gave no reason'}")
        self.action = action
        self.text = text


class AnkiTimedOut(AnkigenError):
    """No reply in time; whether Anki did the work is unknown."""

    def __init__(self, action: str, seconds: float) -> None:
        super().__init__(
            f"Anki did not answer `{action}` within {seconds:.0f} s: close any open dialogs in Anki, "
            "then run the same command again"
        )


class ConnectionLost(AnkigenError):
    """The connection broke during a request; whether Anki did the work is unknown."""

    def __init__(self, action: str) -> None:
        super().__init__(
            f"the connection to Anki broke during `{action}`: check that Anki is running, then run the command again"
        )


class AnkiDiskFull(AnkigenError):
    """The disk of Anki's machine is full."""

    def __init__(self) -> None:
        super().__init__("the disk on Anki's machine is full: free some space, then run the command again")


class MediaNameTaken(AnkigenError):
    """Anki has a media file with the same name and other content."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Anki's media folder has another file named {name}: delete that one in Anki, then sync again")


class Interrupted(AnkigenError):
    """The user interrupted a sync."""

    def __init__(self) -> None:
        super().__init__("interrupted: Anki may have some of the changes; run the same command again to finish")


class Stopped(AnkigenError):
    """The user stopped a command."""

    exit_code = ExitCode.STOPPED

    def __init__(self, how: str = "stopped: run the same command again to finish") -> None:
        super().__init__(how)


class StoppedReading(Stopped):
    """The user stopped a command before it had written anything."""

    def __init__(self) -> None:
        super().__init__("stopped while reading the notes: nothing was written")


class NobodyAnswered(AnkigenError):
    """Nobody answered a question: the input ended, or the user interrupted it."""

    exit_code = ExitCode.PROTECTED

    def __init__(self) -> None:
        super().__init__("no answer, so nothing was changed: add --yes to sync unattended")


class DoubtfulAdoption(AnkigenError):
    """An adoption that a person should review was started unattended."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, doubt: str) -> None:
        super().__init__(f"{doubt}: run `ankigen adopt` without --yes and look at the plan")


class UnfinishedAdoption(AnkigenError):
    """Notes are adopted in the lock file, but not yet in Anki: an import would give them new cards."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, notes: int) -> None:
        super().__init__(
            f"ankigen.lock has adopted {notes:,} of the notes, but Anki still has them as another tool left them: "
            "run `ankigen adopt` again before you sync"
        )


class TooManyRemovals(AnkigenError):
    """A plan removes so many notes that the wrong notes may have been read."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, removals: int, managed: int) -> None:
        super().__init__(
            f"this would remove {removals} of {managed} notes: check that the right notes were read, or add --force"
        )


class LockLost(AnkigenError):
    """Most of the notes are in Anki under another source's name: creating them again would duplicate them."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, cards: int, source_id: str) -> None:
        are = "is in Anki already, as a note" if cards == 1 else "are in Anki already, as notes"
        super().__init__(
            f"{cards:,} of these cards {are} of {source_id}: if their ankigen.lock is lost, "
            "restore it, or add --adopt when syncing the whole folder; --new-lock creates separate notes"
        )


class FolderGone(AnkigenError):
    """A plan removes all notes of a folder that no longer exists, or is empty."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"{folder} is gone with all its pages: check that all notes are available (a disk, a sync), or add --force"
        )


class TooManyPagesGone(AnkigenError):
    """A plan removes the notes of so many pages at once that a part of the notes may not be here."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, emptied: int, pages: int) -> None:
        super().__init__(
            f"{emptied} of {pages} pages are gone at once: check that all notes are available (a disk, a sync), "
            "or add --force"
        )


class ExtraMissing(AnkigenError):
    """A command needs packages of an optional extra that is not installed."""

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(f'this needs {package or extra}: install it with pip install "ankigen[{extra}]"')


class PortTaken(AnkigenError):
    """Another program listens on the port that was asked for."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is in use: leave --port out to use a free one")


class NotAPreview(AnkigenError):
    """The output folder of a preview contains other files."""

    exit_code = ExitCode.PROTECTED

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} contains files that are not a preview: choose an empty folder, or one that does not exist"
        )


class PlanChanged(AnkigenError):
    """The plan that the user agreed to is not what a sync would do by now."""

    exit_code = ExitCode.PROTECTED

    def __init__(self) -> None:
        super().__init__("the notes or Anki have changed since this plan was shown: review the new one")


class AreasRefused(AnkigenError):
    """The drawn areas cannot be written into the notes."""

    exit_code = ExitCode.PROTECTED


class NothingToDraw(AnkigenError):
    """The place named on the command line has no card with a picture to draw on."""

    exit_code = ExitCode.WRONG_COMMAND_LINE

    def __init__(self, place: str) -> None:
        super().__init__(f"no card with a picture is at {place}: put `![](picture.png)` into its question first")
