// Package notify tells people what happened: in the inbox of the site, and on
// the channels of the installation: mail, text messages, WeCom, DingTalk,
// Feishu, and a signed webhook for another system.
//
// Who is told what is not decided here. A domain publishes rules (Rule): which
// fact, which people, which sentence, which page, how urgent it is, and which
// channels it must go by. Package site hands all rules to Module; a listener
// applies them behind the commit. A fact that is heard twice makes one message.
//
// A message holds a message key and a few short values, never a text somebody
// wrote. What leaves the house holds less: that there is a message, of which
// sort, the number of the case, and where to sign in; in a group, where others
// read along, not even the number. Addresses are read at the moment of sending.
//
// People choose for each channel whether they want everything, what presses, or
// nothing; one digest a day instead of single messages; and quiet hours within
// the committee's. Quiet hours hold everything but what is Urgent. They are
// looked at when a delivery is claimed, so that a change holds at once.
//
// A delivery is claimed before it is sent: its count of tries goes up and its
// next time moves away, and both are committed. A node that dies in between
// tries again later; the provider may then get it a second time, with the same
// id (Message-ID, webhook-id, uuid, or the same text where a platform drops
// repetitions by itself). Nothing better is to be had: between the provider's
// yes and our record of it a power cut can always fall, and a notice twice does
// less harm than none.
//
// Requests go only to the hosts that the settings name, never to an address
// that somebody typed into a page (see Outward).
//
// Words: 消息 message, 收件箱 inbox, 未读 unread, 渠道 channel, 送达 delivery,
// 回执 receipt, 静默时段 quiet hours, 每日汇总 digest.
//
// What does not live here: sentences of a domain, and who holds which post.
package notify
