#include "policy/message/body.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace postern {
namespace {

std::string ErrnoText(int number) {
  return std::generic_category().message(number);
}

// A file without a name, or -1 and errno. Not every file system has O_TMPFILE.
int OpenUnnamed(const std::string& directory) {
  const int fd =
      ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  std::string path = directory + "/postern-body-XXXXXX";
  const int named = ::mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(path.c_str());
  return named;
}

// 0, or the errno of the write that failed.
int WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::unexpected<Error> SpoolFailure(std::string_view directory, int number) {
  return Fail(
      fmt::format("cannot spool to {}: {}", directory, ErrnoText(number)));
}

}  // namespace

// Bytes in memory, in a region of the pool, or in a mapped file.
struct Body::Storage {
  explicit Storage(std::string own) : memory(std::move(own)), octets(memory) {}
  Storage(std::unique_ptr<BodyPool::Region> taken, std::size_t size)
      : region(std::move(taken)), octets(region->octets(), size) {}
  Storage(void* map, std::size_t size)
      : mapped(map), octets(static_cast<const char*>(map), size) {}
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage() {
    if (mapped != nullptr) ::munmap(mapped, octets.size());
  }

  const std::string memory;
  const std::unique_ptr<BodyPool::Region> region;
  void* const mapped = nullptr;
  const std::string_view octets;
};

Body::Body() = default;
Body::Body(std::shared_ptr<const Storage> storage)
    : storage_(std::move(storage)) {}

Body Body::FromString(std::string bytes) {
  if (bytes.empty()) return Body();
  return Body(std::make_shared<const Storage>(std::move(bytes)));
}

std::string_view Body::bytes() const {
  return storage_ == nullptr ? std::string_view() : storage_->octets;
}

BodyWriter::BodyWriter(std::string spool_directory,
                       std::shared_ptr<BodyPool> pool)
    : spool_directory_(std::move(spool_directory)), pool_(std::move(pool)) {}

BodyWriter::BodyWriter(BodyWriter&& other) noexcept
    : spool_directory_(std::move(other.spool_directory_)),
      pool_(std::move(other.pool_)),
      memory_(std::move(other.memory_)),
      region_(std::move(other.region_)),
      fd_(std::exchange(other.fd_, -1)),
      size_(std::exchange(other.size_, 0)) {}

BodyWriter& BodyWriter::operator=(BodyWriter&& other) noexcept {
  std::swap(spool_directory_, other.spool_directory_);
  std::swap(pool_, other.pool_);
  std::swap(memory_, other.memory_);
  std::swap(region_, other.region_);
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  return *this;
}

BodyWriter::~BodyWriter() {
  if (fd_ >= 0) ::close(fd_);
}

// The memory of its own has become too small.
bool BodyWriter::TakesIntoRegion(std::string_view chunk) {
  if (region_ == nullptr && pool_ != nullptr) {
    region_ = pool_->Take();
    if (region_ != nullptr && region_->Grow(memory_.size())) {
      memory_.copy(region_->octets(), memory_.size());
      std::string().swap(memory_);
    } else {
      region_.reset();
      pool_.reset();
    }
  }
  if (region_ == nullptr || !region_->Grow(size_ + chunk.size())) return false;
  chunk.copy(region_->octets() + size_, chunk.size());
  return true;
}

Result<void> BodyWriter::BeginSpool() {
  fd_ = OpenUnnamed(spool_directory_);
  if (fd_ < 0) return SpoolFailure(spool_directory_, errno);
  const std::string_view so_far =
      region_ == nullptr ? std::string_view(memory_)
                         : std::string_view(region_->octets(), size_);
  if (const int failed = WriteAll(fd_, so_far); failed != 0)
    return SpoolFailure(spool_directory_, failed);
  std::string().swap(memory_);
  region_.reset();
  pool_.reset();
  return {};
}

Result<void> BodyWriter::Append(std::string_view chunk) {
  const bool is_small = region_ == nullptr && fd_ < 0 &&
                        size_ + chunk.size() <= Body::kMemoryBytes;
  if (is_small) {
    memory_ += chunk;
  } else if (fd_ >= 0 || !TakesIntoRegion(chunk)) {
    if (fd_ < 0) {
      const Result<void> begun = BeginSpool();
      if (!begun) return begun;
    }
    if (const int failed = WriteAll(fd_, chunk); failed != 0)
      return SpoolFailure(spool_directory_, failed);
  }
  size_ += chunk.size();
  return {};
}

Result<Body> BodyWriter::Finish() {
  const std::size_t size = std::exchange(size_, 0);
  if (region_ != nullptr)
    return Body(
        std::make_shared<const Body::Storage>(std::move(region_), size));
  if (fd_ < 0) return Body::FromString(std::exchange(memory_, {}));
  const int fd = std::exchange(fd_, -1);
  void* map = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  const int failed = errno;
  ::close(fd);  // the mapping keeps the file
  if (map == MAP_FAILED) return SpoolFailure(spool_directory_, failed);
  return Body(std::make_shared<const Body::Storage>(map, size));
}

}  // namespace postern
