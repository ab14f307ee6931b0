#include "policy/holds/directory_held_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "policy/base/durable_file.h"
#include "policy/base/hexadecimal.h"
#include "policy/base/text.h"
#include "policy/holds/fingerprint.h"

namespace postern {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporary = ".tmp-";
constexpr std::string_view kDone = ".done-";
constexpr std::string_view kMessageFile = "message.eml";
constexpr std::string_view kHoldFile = "hold.json";
constexpr std::string_view kPendingFile = "pending";
constexpr std::string_view kReleaseFile = "release.json";
constexpr auto kLeftoverAge = std::chrono::hours(1);

std::unexpected<Error> NoSuchHold(const std::string& id) {
  return Fail("no such hold: " + EscapeForLog(id, 64));
}

// Ids become paths: nothing else may pass for one.
bool IsId(std::string_view text) {
  return text.size() == 32 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool Exists(const std::string& path) {
  struct stat status;
  return lstat(path.c_str(), &status) == 0;
}

Result<void> RemoveFile(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return Fail(fmt::format("{}: {}", path, std::strerror(errno)));
}

void RemoveTree(const std::string& path) {
  std::error_code failure;
  fs::remove_all(path, failure);
  // Another process may remove the same leftover.
  if (failure && failure != std::errc::no_such_file_or_directory)
    spdlog::warn("holds: {}: {}", path, failure.message());
}

bool IsOld(const fs::path& path) {
  std::error_code failure;
  const auto written = fs::last_write_time(path, failure);
  return !failure && written + kLeftoverAge < fs::file_time_type::clock::now();
}

std::string SubjectOf(const Header& header) {
  const HeaderField* subject = header.Find("Subject");
  return subject == nullptr ? std::string() : subject->Unfolded();
}

// What a name in the directory is still called when its lock is had.
bool IsSameFolder(int fd, const std::string& path) {
  struct stat opened, named;
  return fstat(fd, &opened) == 0 && lstat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

Result<FileDescriptor> LockFolder(const std::string& path,
                                  const std::string& id) {
  FileDescriptor folder(
      open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.is_open() && errno == ENOENT) return NoSuchHold(id);
  if (!folder.is_open())
    return Fail(fmt::format("{}: {}", path, std::strerror(errno)));
  if (flock(folder.get(), LOCK_EX | LOCK_NB) != 0)
    return Fail(fmt::format("{} is being released or dropped by another", id));
  if (!IsSameFolder(folder.get(), path)) return NoSuchHold(id);
  return folder;
}

}  // namespace

Result<std::unique_ptr<HeldStore>> HeldStore::Open(const std::string& directory,
                                                   const Clock& clock) {
  auto store = DirectoryHeldStore::Open(directory, clock);
  if (!store) return std::unexpected(store.error());
  return std::unique_ptr<HeldStore>(std::move(*store));
}

Result<std::unique_ptr<DirectoryHeldStore>> DirectoryHeldStore::Open(
    const std::string& directory, const Clock& clock) {
  const Result<void> made = MakeDirectories(directory);
  if (!made) return std::unexpected(made.error());
  if (access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
    return Fail(fmt::format("{}: {}", directory, std::strerror(errno)));
  std::unique_ptr<DirectoryHeldStore> store(
      new DirectoryHeldStore(directory, clock));
  store->RemoveLeftovers();
  store->RememberPending();
  return store;
}

// A folder that is being written elsewhere at this moment is not an hour old.
void DirectoryHeldStore::RemoveLeftovers() const {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(directory_, failure)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(kDone) ||
        (name.starts_with(kTemporary) && IsOld(entry.path())))
      RemoveTree(entry.path());
  }
}

void DirectoryHeldStore::RememberPending() {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(directory_, failure)) {
    const std::string id = entry.path().filename();
    if (!IsId(id) || !Exists(PathOf(id, kPendingFile))) continue;
    const Result<HoldRecord> record = Read(id);
    if (record) pending_[record->fingerprint] = id;
  }
}

std::string DirectoryHeldStore::PathOf(const std::string& id,
                                       std::string_view file) const {
  return fmt::format("{}/{}{}{}", directory_, id, file.empty() ? "" : "/",
                     file);
}

bool DirectoryHeldStore::IsHeld(const std::string& id) const {
  return IsId(id) && Exists(PathOf(id));
}

Result<HoldRecord> DirectoryHeldStore::Read(const std::string& id) const {
  if (!IsHeld(id)) return NoSuchHold(id);
  const std::string file = PathOf(id, kHoldFile);
  const Result<std::string> json = ReadWholeFile(file);
  if (!json) return std::unexpected(json.error());
  Result<HoldRecord> record = ParseHoldRecord(*json);
  if (!record) return Fail(file + ": " + record.error().message);
  record->held.id = id;
  record->held.is_pending = Exists(PathOf(id, kPendingFile));
  return record;
}

Result<std::string> DirectoryHeldStore::Put(
    const Message& message, const std::vector<HeldReason>& reasons,
    std::optional<TimePoint> free_at) {
  const std::string octets = ToOctets(message.header, message.body);
  HoldRecord record;
  record.held = {.id = RandomId(),
                 .held_at = clock_.Now(),
                 .is_pending = true,
                 .envelope = message.envelope,
                 .submission = message.submission,
                 .reasons = reasons,
                 .free_at = free_at,
                 .subject = SubjectOf(message.header),
                 .message_bytes = static_cast<std::int64_t>(octets.size())};
  record.fingerprint = Fingerprint(message);
  record.body_bytes = static_cast<std::int64_t>(message.body.size());
  record.body_sum = BodySum(message.body.bytes());
  if (std::optional<std::string> pending = Join(record.fingerprint))
    return std::move(*pending);
  const Result<void> written = Write(record, octets);
  if (!written) return std::unexpected(written.error());
  const std::lock_guard lock(mutex_);
  pending_[record.fingerprint] = record.held.id;
  return record.held.id;
}

// A hold that somebody has begun to release or to drop is not joined: what
// arrives now would end with it.
std::optional<std::string> DirectoryHeldStore::Join(
    const std::string& fingerprint) const {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(fingerprint);
  if (found == pending_.end() || claims_.contains(found->second))
    return std::nullopt;
  const std::string& id = found->second;
  const Result<FileDescriptor> folder = LockFolder(PathOf(id), id);
  if (!folder || !Exists(PathOf(id, kPendingFile)) ||
      Exists(PathOf(id, kReleaseFile)))
    return std::nullopt;
  return id;
}

Result<void> DirectoryHeldStore::Write(const HoldRecord& record,
                                       const std::string& octets) const {
  const std::string& id = record.held.id;
  const std::string folder = fmt::format("{}/{}{}", directory_, kTemporary, id);
  const auto file = [&folder](std::string_view name) {
    return fmt::format("{}/{}", folder, name);
  };
  Result<void> written = MakeDirectories(folder);
  if (written) written = WriteNewFile(file(kMessageFile), octets);
  if (written) written = WriteNewFile(file(kHoldFile), ToJson(record));
  if (written) written = WriteNewFile(file(kPendingFile), "");
  if (written) written = SyncDirectory(folder);
  if (written) written = Rename(folder, PathOf(id));
  if (!written) RemoveTree(folder);
  return written;
}

Result<void> DirectoryHeldStore::Confirm(const std::string& id) {
  if (!IsHeld(id)) return NoSuchHold(id);
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(pending_,
                  [&id](const auto& entry) { return entry.second == id; });
  }
  const Result<void> removed = RemoveFile(PathOf(id, kPendingFile));
  return removed ? SyncDirectory(PathOf(id)) : removed;
}

HeldMessage DirectoryHeldStore::Unreadable(const std::string& id,
                                           const std::string& reason) const {
  HeldMessage held;
  held.id = id;
  held.is_pending = Exists(PathOf(id, kPendingFile));
  held.subject = "unreadable: " + reason;
  held.reasons = {{"unreadable", reason, ""}};
  struct stat status;
  if (stat(PathOf(id).c_str(), &status) == 0)
    held.held_at = TimePoint(std::chrono::seconds(status.st_mtim.tv_sec));
  if (stat(PathOf(id, kMessageFile).c_str(), &status) == 0)
    held.message_bytes = status.st_size;
  return held;
}

Result<std::vector<HeldMessage>> DirectoryHeldStore::List() const {
  std::error_code failure;
  fs::directory_iterator entries(directory_, failure);
  if (failure) return Fail(directory_ + ": " + failure.message());
  std::vector<HeldMessage> list;
  for (; entries != fs::directory_iterator(); entries.increment(failure)) {
    const std::string id = entries->path().filename();
    if (!IsId(id)) continue;
    Result<HoldRecord> record = Read(id);
    if (record) {
      list.push_back(std::move(record->held));
    } else if (IsHeld(id)) {  // and has not ended in the meantime
      list.push_back(Unreadable(id, record.error().message));
    }
  }
  // A listing that broke off is no list: what is missing would be forgotten.
  if (failure) return Fail(directory_ + ": " + failure.message());
  std::sort(list.begin(), list.end(),
            [](const HeldMessage& a, const HeldMessage& b) {
              return std::tie(a.held_at, a.id) < std::tie(b.held_at, b.id);
            });
  return list;
}

Result<HeldMessage> DirectoryHeldStore::Find(const std::string& id) const {
  Result<HoldRecord> record = Read(id);
  if (!record) return std::unexpected(record.error());
  return std::move(record->held);
}

Result<std::string> DirectoryHeldStore::Octets(const std::string& id) const {
  if (!IsHeld(id)) return NoSuchHold(id);
  return ReadWholeFile(PathOf(id, kMessageFile));
}

Result<void> DirectoryHeldStore::Claim(const std::string& id) {
  if (!IsHeld(id)) return NoSuchHold(id);
  const std::lock_guard lock(mutex_);
  if (claims_.contains(id)) return {};
  Result<FileDescriptor> folder = LockFolder(PathOf(id), id);
  if (!folder) return std::unexpected(folder.error());
  claims_[id] = std::move(*folder);
  return {};
}

Result<void> DirectoryHeldStore::End(const std::string& id) {
  const Result<void> claimed = Claim(id);
  if (!claimed) return claimed;
  const std::string done = fmt::format("{}/{}{}", directory_, kDone, id);
  const Result<void> ended = Rename(PathOf(id), done);
  if (!ended) return ended;
  RemoveTree(done);
  const std::lock_guard lock(mutex_);
  claims_.erase(id);
  std::erase_if(pending_,
                [&id](const auto& entry) { return entry.second == id; });
  return {};
}

Result<void> DirectoryHeldStore::Drop(const std::string& id) { return End(id); }

Result<void> DirectoryHeldStore::Complete(const std::string& id) {
  return End(id);
}

Result<std::string> DirectoryHeldStore::IssueToken(const std::string& id,
                                                   ReleaseBy by) {
  const Result<void> claimed = Claim(id);
  if (!claimed) return std::unexpected(claimed.error());
  const Result<HoldRecord> record = Read(id);
  if (!record) return std::unexpected(record.error());
  const Result<std::string> octets = Octets(id);
  if (!octets) return std::unexpected(octets.error());
  const auto body_bytes = static_cast<std::size_t>(record->body_bytes);
  if (body_bytes > octets->size() ||
      BodySum(octets->substr(octets->size() - body_bytes)) != record->body_sum)
    return Fail(PathOf(id, kMessageFile) + ": was changed while it was held");
  const ReleaseRecord release{RandomId() + RandomId(), record->body_sum,
                              by == ReleaseBy::kOperator};
  const Result<void> written =
      ReplaceFile(PathOf(id, kReleaseFile), ToJson(release));
  if (!written) return std::unexpected(written.error());
  return id + " " + release.token;
}

Result<void> DirectoryHeldStore::KeepRecipients(
    const std::string& id, const std::vector<ForwardPath>& recipients) {
  const Result<void> claimed = Claim(id);
  if (!claimed) return claimed;
  Result<HoldRecord> record = Read(id);
  if (!record) return std::unexpected(record.error());
  record->held.envelope.recipients = recipients;
  Result<void> kept = ReplaceFile(PathOf(id, kHoldFile), ToJson(*record));
  if (kept) kept = RemoveFile(PathOf(id, kReleaseFile));
  if (kept) kept = Confirm(id);
  return kept;
}

Result<void> DirectoryHeldStore::Keep(const std::string& id) {
  const Result<void> removed = RemoveFile(PathOf(id, kReleaseFile));
  const std::lock_guard lock(mutex_);
  claims_.erase(id);
  return removed;
}

std::optional<ReleasePass> DirectoryHeldStore::Redeem(
    std::string_view field_value, const Body& body) {
  const std::vector<std::string_view> words = Split(Trim(field_value), ' ');
  if (words.size() != 2 || !IsId(words[0])) return std::nullopt;
  const std::string id(words[0]);
  const Result<std::string> json = ReadWholeFile(PathOf(id, kReleaseFile));
  if (!json) return std::nullopt;
  const Result<ReleaseRecord> release = ParseReleaseRecord(*json);
  if (!release || !IsSameSecret(release->token, words[1]) ||
      release->body_sum != BodySum(body.bytes()))
    return std::nullopt;
  const Result<HoldRecord> record = Read(id);
  if (!record) return std::nullopt;
  ReleasePass pass{.hold_id = id,
                   .submission = record->held.submission,
                   .held_at = record->held.held_at};
  if (!release->is_waiving) pass.by = ReleaseBy::kLimit;
  if (!release->is_waiving) return pass;
  for (const HeldReason& reason : record->held.reasons)
    pass.waived_checks.push_back(reason.check);
  return pass;
}

}  // namespace postern
