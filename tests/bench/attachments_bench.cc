// What attachments cost: ordinary ones, and what was made to cost much. CPU
// time of this thread, least of many runs; memory as the process' peak grows.

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/facts/attachments.h"
#include "policy/message/transfer_encoding.h"
#include "tests/bench/measure.h"
#include "tests/support/archives.h"

namespace postern {
namespace {

std::string Noise(std::size_t octets) {
  std::string noise(octets, '\0');
  std::uint32_t state = 1;
  for (char& c : noise) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return noise;
}

struct Sample {
  std::string name;
  std::string octets;
  int count = 1;
};

void Measure(const Sample& sample) {
  const std::string body = EncodeBase64Lines(sample.octets);
  MimeStructure mime;
  for (int i = 0; i < sample.count; ++i)
    mime.parts.push_back({.type = "application/octet-stream",
                          .encoding = "base64",
                          .file_name = sample.name,
                          .is_attachment = true,
                          .begin = 0,
                          .end = body.size()});
  const auto work = [&] { (void)GatherAttachments(mime, body); };
  const long peak = PeakKilobytes(work);
  const double time = Least(work);
  fmt::print("{:24} {:>9} octets x {:>3} {:9.1f} us, peak {:6} KB\n",
             sample.name, sample.octets.size(), sample.count, time, peak);
}

std::string Nested(int depth) {
  std::string octets = MakeArchive("zip", {{"a.txt", "a"}});
  for (int i = 0; i < depth; ++i)
    octets = MakeArchive("zip", {{"n.zip", octets}});
  return octets;
}

std::vector<TestMember> Many(std::size_t count, const std::string& content) {
  std::vector<TestMember> members;
  for (std::size_t i = 0; i < count; ++i)
    members.push_back({"file" + std::to_string(i) + ".gz", content});
  return members;
}

std::vector<TestMember> Document(std::size_t text) {
  std::string document = "<w:document>";
  while (document.size() < text)
    document += "<w:p><w:r><w:t>Some words of a letter " +
                std::to_string(document.size()) + "</w:t></w:r></w:p>";
  return {{"[Content_Types].xml", "<Types/>"},
          {"word/document.xml", document},
          {"word/styles.xml", std::string(30'000, 'x')},
          {"word/media/image1.png", Noise(1'500'000)}};
}

void MeasureAll() {
  const std::string zeros(256 * 1024 * 1024, '\0');
  const std::string small_bomb =
      MakeArchive("raw+gzip", {{"z", std::string(10'000'000, '\0')}});
  const Sample samples[] = {
      {"invoice.pdf", "%PDF-1.4\n" + Noise(1'500'000)},
      {"photo.jpg", "\xff\xd8\xff\xe0" + Noise(1'500'000)},
      {"photo.jpg", "\xff\xd8\xff\xe0" + Noise(20'000), 20},
      {"table.csv", std::string(1'500'000, 'x')},
      {"data.bin", Noise(1'500'000)},
      {"letter.docx", MakeArchive("zip", Document(100'000))},
      {"files.zip", MakeArchive("zip", Many(100, Noise(10'000)))},
      {"files.7z", MakeArchive("7zip", Many(20, Noise(50'000)))},
      {"files.tar.gz", MakeArchive("ustar+gzip", {{"a", Noise(1'500'000)}})},
      // Bombs.
      {"bomb.gz", MakeArchive("raw+gzip", {{"z", zeros}})},
      {"bomb.bz2", MakeArchive("raw+bzip2", {{"z", zeros}})},
      {"bomb.xz", MakeArchive("raw+xz", {{"z", zeros}})},
      {"bomb.7z", MakeArchive("7zip", {{"z", zeros}})},
      {"bomb.zip", MakeArchive("zip", {{"z", zeros}})},
      {"bomb.tar.gz", MakeArchive("ustar+gzip", {{"z", zeros}})},
      {"nested.zip", Nested(30)},
      {"many.zip", MakeArchive("zip", Many(9'999, "x"))},
      {"manybombs.zip", MakeArchive("zip", Many(200, small_bomb))},
      {"noise.bz2", MakeArchive("raw+bzip2", {{"z", Noise(4'000'000)}})},
      {"bomb.gz", small_bomb, 200},
  };
  for (const Sample& sample : samples) Measure(sample);
}

}  // namespace
}  // namespace postern

int main() {
  postern::MeasureAll();
  return 0;
}
