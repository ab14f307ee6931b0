#include "policy/facts/compound_file.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern {
namespace {

constexpr std::size_t kHeader = 512;
constexpr std::size_t kEntry = 128;
constexpr std::size_t kMaxSectors = 512;      // of the directory
constexpr std::size_t kStreamBytes = 16'384;  // that are read of a stream
constexpr std::uint32_t kLastRegular = 0xfffffffa;

std::uint32_t Little(std::string_view octets, std::size_t at,
                     std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count && at + i < octets.size(); ++i)
    value |= std::uint32_t{static_cast<unsigned char>(octets[at + i])}
             << (8 * i);
  return value;
}

struct Entry {
  std::string name;  // ASCII; other characters as '?'
  std::uint32_t sector = 0, size = 0;
};

// s.2.6.1
Entry EntryAt(std::string_view octets) {
  Entry entry;
  const std::size_t length = std::min<std::size_t>(Little(octets, 64, 2), 64);
  for (std::size_t i = 0; i + 2 < length; i += 2) {
    const std::uint32_t unit = Little(octets, i, 2);
    entry.name += unit < 0x80 ? static_cast<char>(unit) : '?';
  }
  entry.sector = Little(octets, 116, 4);
  entry.size = Little(octets, 120, 4);
  return entry;
}

class Reading {
 public:
  explicit Reading(PartContent* content) : content_(content) {}

  CompoundFile Read() {
    header_ = content_->Slice(0, kHeader);
    const std::uint32_t shift = Little(header_, 30, 2);
    if (header_.size() < kHeader || (shift != 9 && shift != 12)) return file_;
    sector_ = std::size_t{1} << shift;
    std::uint32_t at = Little(header_, 48, 4);
    for (std::size_t i = 0; i < kMaxSectors && at < kLastRegular; ++i) {
      const std::string octets = Sector(at);
      if (octets.size() < kEntry) break;
      for (std::size_t e = 0; e + kEntry <= octets.size(); e += kEntry)
        Judge(EntryAt(std::string_view(octets).substr(e, kEntry)));
      at = Next(at);
    }
    return file_;
  }

 private:
  std::string Sector(std::uint32_t number) {
    return content_->Slice((std::size_t{number} + 1) * sector_, sector_);
  }

  // By the FAT, of which the header names the first 109 sectors: 7 MB of file.
  std::uint32_t Next(std::uint32_t sector) {
    constexpr std::uint32_t kInHeader = 109;
    const auto per_sector = static_cast<std::uint32_t>(sector_ / 4);
    const std::uint32_t index = sector / per_sector;
    if (index >= kInHeader) return kLastRegular;
    const std::uint32_t fat = Little(header_, 76 + std::size_t{index} * 4, 4);
    if (fat >= kLastRegular) return kLastRegular;
    const std::string entry = content_->Slice(
        (std::size_t{fat} + 1) * sector_ + std::size_t{sector % per_sector} * 4,
        4);
    return entry.size() < 4 ? kLastRegular : Little(entry, 0, 4);
  }

  std::string Front(const Entry& entry) {
    constexpr std::uint32_t kMiniStream = 4096;  // smaller ones lie elsewhere
    std::string octets;
    if (entry.size < kMiniStream) return octets;
    std::uint32_t at = entry.sector;
    while (at < kLastRegular && octets.size() < kStreamBytes) {
      const std::string sector = Sector(at);
      if (sector.empty()) break;
      octets += sector;
      at = Next(at);
    }
    return octets;
  }

  void Judge(const Entry& entry) {
    if (entry.name == "_VBA_PROJECT" || entry.name == "_VBA_PROJECT_CUR")
      file_.has_macros = true;
    // [MS-OFFCRYPTO] s.2.3: the package of a later Office, encrypted.
    if (entry.name == "EncryptedPackage" || entry.name == "EncryptedSummary")
      file_.is_encrypted = true;
    // The tables of a Windows Installer begin with U+4840, a name in its code.
    if (entry.name.starts_with('?') && entry.name.size() > 4 &&
        entry.name.find_first_not_of('?') == entry.name.npos)
      file_.is_installer = true;
    // [MS-DOC] s.2.5.2: fEncrypted of FibBase.
    if (entry.name == "WordDocument" && (Little(Front(entry), 10, 2) & 0x100))
      file_.is_encrypted = true;
    if (entry.name == "Workbook" || entry.name == "Book")
      JudgeWorkbook(Front(entry));
  }

  // [MS-XLS] s.2.1.4: records of a type, a length and so much content.
  void JudgeWorkbook(std::string_view octets) {
    constexpr std::uint32_t kFilePass = 0x2f, kBoundSheet = 0x85, kEof = 0x0a;
    std::size_t at = 0;
    while (at + 4 <= octets.size()) {
      const std::uint32_t type = Little(octets, at, 2);
      const std::uint32_t length = Little(octets, at + 2, 2);
      if (type == kFilePass) file_.is_encrypted = true;
      if (type == kBoundSheet && Little(octets, at + 9, 1) == 1)
        file_.has_macro_sheet = true;
      if (type == kEof) return;
      at += 4 + length;
    }
  }

  PartContent* content_;
  std::string header_;
  std::size_t sector_ = 512;
  CompoundFile file_;
};

}  // namespace

CompoundFile ReadCompoundFile(PartContent* content) {
  return Reading(content).Read();
}

}  // namespace postern
