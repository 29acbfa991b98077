// Package archive makes one file (件) of a closed case and keeps it (归档): its
// documents with every version, its attachments, the record of who did what
// when, its metadata, its retention class, and the report of its self-check.
//
// The file is a ZIP that needs no program of ours to be read: papers as plain
// HTML and as text, attachments as they were handed in, metadata.xml,
// process.json, report.json and report.html, and manifest.json with the digest
// of every member, signed in signature.json. The same records give the same
// bytes: names in order, one time for all members, nothing compressed. So a file
// can be checked by packing it again and comparing byte by byte, without this
// installation (see Examine).
//
// Words: fonds 全宗, archive number 档号, edition 版次, retention class 保管期限,
// supplement 补充归档, self-check 四性检测.
//
// What it follows, in our own words:
//   - DA/T 46-2009 (metadata of administrative electronic records): the names and
//     the order of the elements of metadata.xml: 聚合层次, 来源, 档号, 内容描述,
//     形式特征, 电子属性, 电子签名, 机构人员, 业务行为.
//   - DA/T 13-2022 (archive numbers): fonds, then the series of category, year and
//     retention, then the running number of the item: A001-WS·2026·D30-0001. A
//     number once given is never used again.
//   - DA/T 70-2018 (checks of administrative electronic archives): the report says
//     what was checked for 真实性, 完整性, 可用性 and 安全性.
//   - DA/T 48-2009 (encapsulation): content, metadata and signature travel in one
//     package. Ours is a ZIP and not the XML envelope of that standard.
//   - GB/T 18894-2016 (filing of electronic records): the process belongs to the
//     record, formats that are not meant to last are marked.
//
// Editions: a later paper makes a new edition of the file; the earlier ones stay
// and keep their numbers.
//
// What does not live here: what the papers of a case say (each Kind gives them),
// the audit record itself (package audit), deleting what is past its retention:
// nothing here deletes a file.
package archive
