#include "tests/support/archives.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "policy/base/call_free.h"

namespace postern {
namespace {

using Writer = std::unique_ptr<archive, CallFree<archive_write_free>>;

la_ssize_t Append(archive*, void* octets, const void* block, std::size_t size) {
  static_cast<std::string*>(octets)->append(static_cast<const char*>(block),
                                            size);
  return static_cast<la_ssize_t>(size);
}

void Must(int status) {
  if (status != ARCHIVE_OK) std::abort();
}

void Little(std::uint32_t value, std::size_t at, std::size_t count,
            std::string* octets) {
  for (std::size_t i = 0; i < count; ++i)
    (*octets)[at + i] = static_cast<char>(value >> (8 * i));
}

}  // namespace

std::string MakeArchive(std::string_view format,
                        const std::vector<TestMember>& members,
                        std::string_view passphrase) {
  std::string octets;
  const Writer writer(archive_write_new());
  const std::size_t plus = format.find('+');
  Must(archive_write_set_format_by_name(
      writer.get(), std::string(format.substr(0, plus)).c_str()));
  if (plus != format.npos)
    Must(archive_write_add_filter_by_name(
        writer.get(), std::string(format.substr(plus + 1)).c_str()));
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  if (!passphrase.empty()) {
    Must(archive_write_set_options(writer.get(), "zip:encryption=traditional"));
    Must(archive_write_set_passphrase(writer.get(),
                                      std::string(passphrase).c_str()));
  }
  Must(archive_write_open(writer.get(), &octets, nullptr, Append, nullptr));
  for (const TestMember& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_size(entry,
                           static_cast<la_int64_t>(member.content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    Must(archive_write_header(writer.get(), entry));
    archive_write_data(writer.get(), member.content.data(),
                       member.content.size());
    archive_entry_free(entry);
  }
  Must(archive_write_close(writer.get()));
  return octets;
}

std::string MakeCompoundFile(const std::vector<TestStream>& streams) {
  constexpr std::size_t kSector = 512, kLeast = 4096;
  // Sector 0: the FAT; 1 and 2: the directory; then the streams.
  std::string fat(kSector, '\xff');
  std::string directory(2 * kSector, '\0');
  std::string data;
  Little(0xfffffffd, 0, 4, &fat);
  Little(2, 4, 4, &fat);
  Little(0xfffffffe, 8, 4, &fat);
  std::uint32_t next = 3;
  const auto describe = [&](std::size_t index, const std::string& name,
                            std::uint32_t sector, std::size_t size) {
    const std::size_t at = index * 128;
    for (std::size_t i = 0; i < name.size(); ++i)
      directory[at + 2 * i] = name[i];
    Little(static_cast<std::uint32_t>(name.size() * 2 + 2), at + 64, 2,
           &directory);
    directory[at + 66] = index == 0 ? 5 : 2;
    Little(sector, at + 116, 4, &directory);
    Little(static_cast<std::uint32_t>(size), at + 120, 4, &directory);
  };
  describe(0, "Root Entry", 0xfffffffe, 0);
  for (std::size_t i = 0; i < streams.size() && i < 7; ++i) {
    std::string content = streams[i].content;
    content.resize((std::max(content.size(), kLeast) + kSector - 1) / kSector *
                   kSector);
    describe(i + 1, streams[i].name, next, content.size());
    const std::size_t count = content.size() / kSector;
    for (std::size_t s = 0; s < count; ++s, ++next)
      Little(s + 1 == count ? 0xfffffffe : next + 1, std::size_t{next} * 4, 4,
             &fat);
    data += content;
  }
  std::string header("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
  header.resize(kSector, '\0');
  Little(9, 30, 2, &header);
  Little(1, 44, 4, &header);  // sectors of the FAT
  Little(1, 48, 4, &header);  // the first of the directory
  std::fill(header.begin() + 76, header.end(), '\xff');
  Little(0, 76, 4, &header);
  return header + fat + directory + data;
}

}  // namespace postern
