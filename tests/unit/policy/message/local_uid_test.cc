#include "policy/message/local_uid.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

Message Local(const std::vector<std::string>& fields) {
  Message message;
  message.submission.is_local = true;
  message.submission.queue_id = "4WbX2k3cq9zBXcK";
  for (const std::string& value : fields)
    message.header.Receive(std::string(kUidField), value);
  message.header.Receive("Subject", " x");
  return message;
}

TEST(LocalUid, IsBelievedWithTheQueueIdOfThisMessage) {
  Message message = Local({" 1000 4WbX2k3cq9zBXcK", " 0 OTHER"});
  TakeLocalUid(&message);
  EXPECT_EQ(message.submission.local_uid, 1000u);
  EXPECT_EQ(message.header.fields().size(), 1u);
}

TEST(LocalUid, IsUnknownOtherwise) {
  for (const char* value :
       {" 0", " 0 OTHER", " 0 4WbX2k3cq9zBXc", " 0  4WbX2k3cq9zBXcK", "",
        " -1 4WbX2k3cq9zBXcK", " 99999999999 4WbX2k3cq9zBXcK", " root"}) {
    Message message = Local({value});
    TakeLocalUid(&message);
    EXPECT_EQ(message.submission.local_uid, std::nullopt) << value;
    EXPECT_EQ(message.header.Find(kUidField), nullptr) << value;
  }
}

TEST(LocalUid, OnlyTheTopmostFieldSpeaks) {
  Message message = Local({" 7 OTHER", " 0 4WbX2k3cq9zBXcK"});
  TakeLocalUid(&message);
  EXPECT_EQ(message.submission.local_uid, std::nullopt);
}

TEST(LocalUid, ByNetworkItIsAForgery) {
  Message message = Local({" 0 4WbX2k3cq9zBXcK"});
  message.submission.is_local = false;
  TakeLocalUid(&message);
  EXPECT_EQ(message.submission.local_uid, std::nullopt);
  EXPECT_EQ(message.header.Find(kUidField), nullptr);
}

}  // namespace
}  // namespace postern
