// Signatures on the wire: at the top, and after every other edit.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/support/test_keys.h"
#include "tests/wire/wire.h"

namespace postern {
namespace {

using testing::HasSubstr;

std::string ZoneWithKey() {
  const KeyInUse key = TestKey("example.com", "s1", kTestRsa2048Pem);
  return std::string(kZone) + "s1._domainkey.example.com. TXT \"" +
         KeyRecordOf(*key.key) + "\"\n";
}

// The key's file, readable by its owner alone.
class KeyFile {
 public:
  KeyFile() {
    std::string name = std::filesystem::temp_directory_path() / "key-XXXXXX";
    close(mkstemp(name.data()));  // mode 0600
    path_ = name;
    std::ofstream(path_) << kTestRsa2048Pem;
  }
  ~KeyFile() { std::filesystem::remove(path_); }
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(SigningWire, InsertsTheSignatureAtTheTop) {
  const KeyFile key;
  FakeDnsServer dns(ZoneWithKey());
  RunningPostern postern(Enforcing(dns, "", R"(
[[signing.domains."example.com".keys]]
selector = "s1"
file = ")" + key.path() + "\"\n"));
  MilterClient client = Dial(postern);
  const MilterOutcome outcome = client.SendMessage(CleanMessage());
  ExpectAccepted(outcome);
  ASSERT_EQ(outcome.edits.size(), 1U);
  const MilterEdit& edit = outcome.edits.front();
  EXPECT_EQ(edit.op, MilterEdit::Op::kInsertHeader);
  EXPECT_EQ(edit.index, 0U);
  EXPECT_EQ(edit.name, "DKIM-Signature");
  EXPECT_THAT(edit.value, HasSubstr("d=example.com; s=s1"));
  EXPECT_TRUE(postern.LogShows("signed=example.com/s1/rsa-sha256"));
}

}  // namespace
}  // namespace postern
