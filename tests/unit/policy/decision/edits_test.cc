#include "policy/decision/edits.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

Message Received() {
  Message message;
  message.envelope.mail_from = "a@example.org";
  message.header.Receive("Subject", " one");
  message.header.Receive("X-Dup", " 1");
  message.header.Receive("x-dup", " 2");
  message.header.Receive("X-Dup", " 3");
  message.body = Body::FromString("text\r\n");
  return message;
}

TEST(EditsBetween, SaysNothingOfWhatIsTheSame) {
  EXPECT_TRUE(EditsBetween(Received(), Received()).empty());
}

TEST(EditsBetween, DeletesFromTheHighestIndexDown) {
  Message mended = Received();
  mended.header.RemoveNth("X-Dup", 2);
  mended.header.RemoveNth("X-Dup", 1);
  const std::vector<Edit> edits = EditsBetween(Received(), mended);
  ASSERT_EQ(edits.size(), 2u);
  EXPECT_EQ(std::get<DeleteHeader>(edits[0]).index, 3u);
  EXPECT_EQ(std::get<DeleteHeader>(edits[1]).index, 2u);
}

TEST(EditsBetween, ReplacesByTheIndexAsReceivedBeforeItDeletes) {
  Message mended = Received();
  mended.header.SetNth("X-Dup", 2, "new");
  mended.header.RemoveNth("X-Dup", 0);
  const std::vector<Edit> edits = EditsBetween(Received(), mended);
  ASSERT_EQ(edits.size(), 2u);
  const SetHeader& set = std::get<SetHeader>(edits[0]);
  EXPECT_EQ(set.index, 3u);
  EXPECT_EQ(set.value, " new");
  EXPECT_EQ(std::get<DeleteHeader>(edits[1]).index, 1u);
}

TEST(EditsBetween, AddsBehindWhatStays) {
  Message mended = Received();
  mended.header.Set("Date", "now");
  mended.header.Append("Subject", "two");
  const std::vector<Edit> edits = EditsBetween(Received(), mended);
  ASSERT_EQ(edits.size(), 2u);
  EXPECT_EQ(std::get<SetHeader>(edits[0]).name, "Date");
  EXPECT_EQ(std::get<SetHeader>(edits[0]).index, 1u);
  EXPECT_EQ(std::get<SetHeader>(edits[1]).index, 2u);
}

TEST(EditsBetween, TellsOfSenderAndBody) {
  Message mended = Received();
  mended.envelope.mail_from = "b@example.org";
  mended.body = Body::FromString("other\r\n");
  const std::vector<Edit> edits = EditsBetween(Received(), mended);
  ASSERT_EQ(edits.size(), 2u);
  EXPECT_EQ(std::get<ChangeSender>(edits[0]).mail_from, "b@example.org");
  EXPECT_EQ(std::get<ReplaceBody>(edits[1]).body.bytes(), "other\r\n");
}

}  // namespace
}  // namespace postern
