#include "policy/facts/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "policy/base/call_free.h"
#include "policy/base/text.h"
#include "policy/facts/archive_guard.h"

namespace postern {
namespace {

using Reader = std::unique_ptr<archive, CallFree<archive_read_free>>;

constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxNestedBytes = 4 * 1024 * 1024;

// The octets as libarchive asks for them.
struct Source {
  PartContent* content;
  std::size_t at = 0;
  std::array<char, 8192> block;
};

la_ssize_t ReadBlock(archive*, void* data, const void** block) {
  auto* source = static_cast<Source*>(data);
  const std::size_t count = source->content->Read(source->at, source->block);
  source->at += count;
  *block = source->block.data();
  return static_cast<la_ssize_t>(count);
}

la_int64_t SkipOctets(archive*, void* data, la_int64_t count) {
  auto* source = static_cast<Source*>(data);
  const std::size_t left =
      source->content->size() - std::min(source->at, source->content->size());
  const std::size_t skipped =
      std::min(left, static_cast<std::size_t>(std::max<la_int64_t>(count, 0)));
  source->at += skipped;
  return static_cast<la_int64_t>(skipped);
}

la_int64_t SeekOctets(archive*, void* data, la_int64_t offset, int whence) {
  auto* source = static_cast<Source*>(data);
  const auto size = static_cast<la_int64_t>(source->content->size());
  const la_int64_t base = whence == SEEK_SET ? 0
                          : whence == SEEK_CUR
                              ? static_cast<la_int64_t>(source->at)
                              : size;
  if (offset > size - base || base + offset < 0) return ARCHIVE_FATAL;
  source->at = static_cast<std::size_t>(base + offset);
  return base + offset;
}

int FilterOf(FileFormat format) {
  switch (format) {
    case FileFormat::kGzip:
      return ARCHIVE_FILTER_GZIP;
    case FileFormat::kBzip2:
      return ARCHIVE_FILTER_BZIP2;
    case FileFormat::kXz:
      return ARCHIVE_FILTER_XZ;
    case FileFormat::kZip:
    case FileFormat::kSevenZip:
    case FileFormat::kRar:
    case FileFormat::kTar:
    case FileFormat::kOther:
    case FileFormat::kCompound:
    case FileFormat::kPdf:
    case FileFormat::kOneNote:
      return ARCHIVE_FILTER_NONE;
  }
  return ARCHIVE_FILTER_NONE;
}

bool IsFilter(FileFormat format) {
  return FilterOf(format) != ARCHIVE_FILTER_NONE;
}

// Filter and format are fixed, never guessed: what is within is another
// archive, which is counted. Within a filter: a tar, else one file.
int Prepare(archive* reader, FileFormat format, FileFormat within) {
  if (IsFilter(format))
    archive_read_append_filter(reader, FilterOf(format));
  else
    within = format;
  switch (within) {
    case FileFormat::kZip:
      return archive_read_support_format_zip_seekable(reader);
    case FileFormat::kSevenZip:
      return archive_read_support_format_7zip(reader);
    case FileFormat::kRar:
      archive_read_support_format_rar(reader);
      return archive_read_support_format_rar5(reader);
    case FileFormat::kTar:
      return archive_read_support_format_tar(reader);
    case FileFormat::kGzip:
    case FileFormat::kBzip2:
    case FileFormat::kXz:
    case FileFormat::kOther:
    case FileFormat::kCompound:
    case FileFormat::kPdf:
    case FileFormat::kOneNote:
      return archive_read_support_format_raw(reader);
  }
  return ARCHIVE_FATAL;
}

int OpenReader(archive* reader, Source* source) {
  archive_read_set_seek_callback(reader, SeekOctets);
  return archive_read_open2(reader, source, nullptr, ReadBlock, SkipOctets,
                            nullptr);
}

// What a filter has in it. libarchive itself takes zeros for a tar at its end.
FileFormat FormatWithin(PartContent* content, FileFormat format) {
  Source source{content, 0, {}};
  const Reader reader(archive_read_new());
  archive_entry* entry = nullptr;
  if (!reader ||
      Prepare(reader.get(), format, FileFormat::kOther) != ARCHIVE_OK ||
      OpenReader(reader.get(), &source) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK)
    return FileFormat::kOther;
  std::array<char, 512> front;
  const la_ssize_t count =
      archive_read_data(reader.get(), front.data(), front.size());
  if (count <= 0) return FileFormat::kOther;
  return TypeBySignature({front.data(), static_cast<std::size_t>(count)})
      .format;
}

bool HasDirectory(FileFormat format) {
  return format == FileFormat::kZip || format == FileFormat::kSevenZip;
}

std::string NameOf(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return name == nullptr ? "" : name;
}

// "report.exe.gz" holds "report.exe", "x.tgz" holds "x.tar".
std::string NameWithin(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos) return std::string(name);
  const std::string end = ToLower(name.substr(dot + 1));
  const std::string_view stem = name.substr(0, dot);
  return std::string(stem) + (end.starts_with("t") ? ".tar" : "");
}

class Lister {
 public:
  Lister(const MemberWish& wish, WorkBudget* budget)
      : wish_(wish), budget_(budget) {}

  void List(PartContent* content, FileFormat format, std::string_view name,
            int depth) {
    listing_.nesting = std::max(listing_.nesting, depth);
    if (!IsAllowed(content, format)) return;
    if (!budget_->HasTime()) {
      listing_.is_over_limit = true;
      return;
    }
    packed_bytes_ = content->size();
    Source source{content, 0, {}};
    const Reader reader(archive_read_new());
    const FileFormat within =
        IsFilter(format) ? FormatWithin(content, format) : format;
    if (!reader || Prepare(reader.get(), format, within) != ARCHIVE_OK ||
        OpenReader(reader.get(), &source) != ARCHIVE_OK) {
      NoteFault(reader.get());
      return;
    }
    ReadMembers(reader.get(), format, name, depth);
  }

  ArchiveListing Take() { return std::move(listing_); }

 private:
  // libarchive reads nothing of a directory that is too much for us.
  bool IsAllowed(PartContent* content, FileFormat format) {
    if (!HasDirectory(format)) return true;
    const DirectoryView view =
        format == FileFormat::kZip ? ViewZip(content) : ViewSevenZip(content);
    if (view.members > ArchiveListing::kMaxMembers)
      listing_.has_too_many_members = true;
    if (view.kind == Directory::kNone) listing_.is_damaged = true;
    if (view.kind == Directory::kTooLarge || listing_.has_too_many_members)
      listing_.is_over_limit = true;
    return view.kind == Directory::kReadable && !listing_.is_over_limit;
  }

  // archive_read_has_encrypted_entries crashes on what could not be opened, so
  // the words are asked.
  void NoteFault(archive* reader) {
    const char* words =
        reader == nullptr ? nullptr : archive_error_string(reader);
    if (words != nullptr &&
        Contains(ToLower(std::string_view(words)), "ncrypt"))
      listing_.has_encrypted_names = true;
    else
      listing_.is_damaged = true;
  }

  void ReadMembers(archive* reader, FileFormat format, std::string_view name,
                   int depth) {
    std::size_t count = 0;
    for (;;) {
      archive_entry* entry = nullptr;
      const int status = archive_read_next_header(reader, &entry);
      if (status == ARCHIVE_EOF) break;
      if (status < ARCHIVE_WARN) {
        NoteFault(reader);
        break;
      }
      ++count;
      if (!Add(reader, entry, format, name, depth)) return;
    }
    if (count == 0 && archive_read_has_encrypted_entries(reader) > 0)
      listing_.has_encrypted_names = true;
  }

  // False: no more of this archive.
  bool Add(archive* reader, archive_entry* entry, FileFormat format,
           std::string_view name, int depth) {
    if (listing_.members.size() >= ArchiveListing::kMaxMembers) {
      listing_.has_too_many_members = listing_.is_over_limit = true;
      return false;
    }
    const bool is_raw = archive_format(reader) == ARCHIVE_FORMAT_RAW;
    ArchiveMember member{
        .name = is_raw ? NameWithin(name) : NameOf(entry),
        .size = archive_entry_size_is_set(entry) != 0
                    ? std::max<std::int64_t>(archive_entry_size(entry), 0)
                    : 0,
        .depth = depth,
        .is_encrypted = archive_entry_is_encrypted(entry) != 0};
    if (member.name.size() > kMaxName)
      member.name.erase(0, member.name.size() - kMaxName);
    if (member.is_encrypted) listing_.has_encrypted_members = true;
    constexpr std::int64_t kMost = std::int64_t{1} << 50;
    listing_.unpacked_bytes =
        std::min(kMost, listing_.unpacked_bytes + std::min(kMost, member.size));
    listing_.members.push_back(member);
    return ReadContent(reader, format, member, is_raw);
  }

  // What is within, where it is an archive or wanted; of formats that must
  // unpack to pass by, the octets are counted while they go by.
  bool ReadContent(archive* reader, FileFormat format,
                   const ArchiveMember& member, bool is_raw) {
    const bool is_nested = IsArchiveName(member.name) || is_raw;
    std::size_t most = 0;
    if (!member.is_encrypted && format != FileFormat::kRar) {
      if (is_nested) most = kMaxNestedBytes;
      if (member.depth == 0 && wish_.wants)
        most = std::max(most, wish_.wants(member.name));
    }
    const bool must_unpack =
        IsFilter(format) || format == FileFormat::kSevenZip;
    if (most == 0 && (!must_unpack || member.is_encrypted))
      return budget_->HasTime() || GiveUp();
    std::string octets;
    if (!Unpack(reader, must_unpack, most, &octets)) return false;
    if (is_raw) listing_.unpacked_bytes += counted_;
    if (member.depth == 0 && wish_.wants && wish_.wants(member.name) > 0)
      wish_.take(member.name, octets);
    if (is_nested) ListWithin(octets, member);
    return true;
  }

  bool GiveUp() {
    listing_.is_over_limit = true;
    return false;
  }

  bool Unpack(archive* reader, bool to_the_end, std::size_t most,
              std::string* octets) {
    counted_ = 0;
    for (;;) {
      const void* block = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int status =
          archive_read_data_block(reader, &block, &size, &offset);
      if (status == ARCHIVE_EOF) return true;
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
        NoteFault(reader);
        return true;  // what was read is judged; the next member may be well
      }
      counted_ += static_cast<std::int64_t>(size);
      const std::size_t room = most - std::min(most, octets->size());
      octets->append(static_cast<const char*>(block), std::min(size, room));
      if (!budget_->Spend(size)) {
        NoteRate(reader);
        return GiveUp();
      }
      if (!to_the_end && octets->size() >= most) return true;
    }
  }

  // What the rest would come to, were it as what was seen of it.
  void NoteRate(archive* reader) {
    const double seen =
        std::max(1.0, static_cast<double>(archive_filter_bytes(reader, -1)));
    const double all = static_cast<double>(counted_) *
                       static_cast<double>(packed_bytes_) / seen;
    listing_.unpacked_bytes =
        std::max(listing_.unpacked_bytes, static_cast<std::int64_t>(all));
  }

  void ListWithin(const std::string& octets, const ArchiveMember& member) {
    const FileFormat format = TypeBySignature(octets).format;
    if (!IsArchive(format)) return;
    if (member.depth + 1 >= ArchiveListing::kMaxDepth) {
      listing_.is_nested_too_deep = true;
      listing_.nesting = std::max(listing_.nesting, member.depth + 1);
      return;
    }
    if (octets.size() >= kMaxNestedBytes) listing_.is_over_limit = true;
    PartContent content = PartContent::Of(octets);
    List(&content, format, member.name, member.depth + 1);
  }

  const MemberWish& wish_;
  WorkBudget* budget_;
  ArchiveListing listing_;
  std::int64_t counted_ = 0;      // of the last member unpacked
  std::size_t packed_bytes_ = 0;  // of the last archive opened
};

}  // namespace

bool IsArchive(FileFormat format) {
  return HasDirectory(format) || IsFilter(format) ||
         format == FileFormat::kRar || format == FileFormat::kTar;
}

ArchiveListing ListArchive(PartContent* content, FileFormat format,
                           std::string_view name, const MemberWish& wish,
                           WorkBudget* budget) {
  Lister lister(wish, budget);
  lister.List(content, format, name, 0);
  return lister.Take();
}

}  // namespace postern
