// A file of any kind: read within the budget's bounds, with whatever name.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/facts/attachments.h"

namespace postern {
namespace {

void TestOne(std::string_view octets) {
  // The first line is the name.
  const std::size_t line = octets.find('\n');
  const std::string_view name = octets.substr(0, line);
  const std::size_t begin = line == octets.npos ? octets.size() : line + 1;
  for (const char* encoding : {"binary", "base64"}) {
    MimeStructure mime;
    mime.parts.push_back({.type = "application/octet-stream",
                          .encoding = encoding,
                          .file_name = std::string(name),
                          .is_attachment = true,
                          .begin = begin,
                          .end = octets.size()});
    const AttachmentFacts facts = GatherAttachments(mime, octets);
    if (facts.files.size() != 1) std::abort();
    const AttachmentFact& file = facts.files[0];
    if (file.file.extensions.size() > 8) std::abort();
    if (!file.archive) continue;
    if (file.archive->members.size() > ArchiveListing::kMaxMembers)
      std::abort();
    for (const ArchiveMember& member : file.archive->members)
      if (member.name.size() > 255 || member.size < 0 ||
          member.depth >= ArchiveListing::kMaxDepth)
        std::abort();
  }
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}
