// Writes every named shape and COUNT random ones, signed by our signer, as
// DIRECTORY/NAME.eml, and DIRECTORY/keys.txt with "name record" a line.
//
//   sign_shapes DIRECTORY COUNT

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "policy/message/message.h"
#include "policy/signing/signer.h"
#include "tests/support/shapes.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

bool WriteSigned(const std::string& directory, const Shape& shape,
                 const std::vector<KeyInUse>& keys) {
  const auto values =
      SignMessage(shape.header, shape.body, keys, {},
                  TimePoint(std::chrono::seconds(1'795'290'840)));
  if (!values) {
    fmt::print(stderr, "{}: {}\n", shape.name, values.error().message);
    return false;
  }
  Header header = shape.header;
  for (const std::string& value : *values)
    header.Prepend("DKIM-Signature", value);
  std::ofstream file(directory + "/" + shape.name + ".eml", std::ios::binary);
  // Over SMTP the last line always ends (RFC 5321 s.4.1.1.4).
  const std::string octets = ToOctets(header, shape.body);
  file << octets << (octets.ends_with("\r\n") ? "" : "\r\n");
  return file.good();
}

int Main(const std::string& directory, std::uint32_t count) {
  const std::vector<KeyInUse> keys = {
      TestKey("example.org", "rsa", kTestRsa2048Pem),
      TestKey("example.org", "short", kTestRsa1024Pem),
      TestKey("example.org", "ed", kTestEd25519Pem)};
  std::ofstream records(directory + "/keys.txt");
  for (const KeyInUse& key : keys)
    records << key.selector << "._domainkey.example.org. "
            << KeyRecordOf(*key.key) << "\n";
  std::vector<Shape> shapes = NamedShapes();
  for (std::uint32_t seed = 1; seed <= count; ++seed)
    shapes.push_back(RandomShape(seed));
  for (const Shape& shape : shapes)
    if (!WriteSigned(directory, shape, keys)) return 1;
  return 0;
}

}  // namespace
}  // namespace postern

int main(int argc, char** argv) {
  std::uint32_t count = 0;
  if (argc != 3 ||
      std::from_chars(argv[2], argv[2] + std::strlen(argv[2]), count).ec !=
          std::errc())
    return 2;
  return postern::Main(argv[1], count);
}
