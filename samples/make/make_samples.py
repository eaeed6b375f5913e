#!/usr/bin/env python3
"""Makes the sample documents of samples/. All hospitals, cases and figures in them are invented.

Needs soffice (Debian: libreoffice-writer-nogui, libreoffice-calc-nogui) and, for the Chinese one to be laid out as it
will be shown, fonts-noto-cjk. Run it from anywhere: it writes beside its own folder.
"""

import pathlib
import shutil
import subprocess
import tempfile

import flat_odf
import picture
import rich_text

SAMPLES = pathlib.Path(__file__).resolve().parent.parent
LATIN = "DejaVu Sans"
CHINESE = "Noto Sans CJK SC"


def chest_pain_handover():
    """DOC: a case that a small emergency room presents to a heart centre."""
    text = flat_odf.TextDocument(LATIN, "en", "US")
    text.title("Chest pain: case for the transfer conference")
    text.text(
        "Northfield Emergency Department presents this case to the heart centre on call. The case is invented for "
        "demonstration; no part of it belongs to a real person.",
        "The patient, 58 years, came on foot at 18:05 with pressure behind the breastbone that began at 17:20 during "
        "garden work, spreading into the left arm, with cold sweat and nausea. High blood pressure is "
        "known; no earlier "
        "heart disease, no known allergy. Last meal at 12:30.")
    text.heading("Course in the department")
    text.table([
        ("Time", "Pulse /min", "Blood pressure mmHg", "SpO2 %", "Pain 0-10", "Measure"),
        ("18:05", "104", "158/94", "95", "8", "Monitor, first twelve-lead tracing"),
        ("18:12", "101", "150/90", "96", "8", "Two venous lines, blood drawn"),
        ("18:20", "96", "142/86", "97", "5", "Pain relief, antiplatelet loading dose"),
        ("18:35", "92", "136/84", "97", "3", "Second tracing, conference called"),
        ("18:50", "90", "134/82", "98", "3", "Transport team alarmed")])
    text.text(
        "Examination: alert and oriented, heart sounds regular without murmur, lungs clear on both "
        "sides, abdomen soft, "
        "no swelling of the legs, all pulses felt on both sides. Bedside ultrasound shows weak "
        "movement of the anterior "
        "wall and no effusion.")
    text.heading("Tracing at 18:08", new_page=True)
    text.picture(picture.heart_trace(), 16.5, 7.7, "Leads V2, V3 and V4. Paper 25 mm/s, 10 mm/mV. Please draw on it.")
    text.text(
        "Marked elevation of the ST segment from V2 to V4, mirror image in the inferior leads. The second tracing at "
        "18:35 is unchanged. There is no bundle branch block and no older tracing to compare with.",
        "For the conference: please encircle the segment that decides, and mark where you would measure it.")
    text.table([
        ("Laboratory", "Result", "Normal range"),
        ("Troponin, high sensitivity", "212 ng/l", "below 14"),
        ("Potassium", "4.1 mmol/l", "3.5 to 5.1"),
        ("Creatinine", "88 umol/l", "62 to 106"),
        ("Haemoglobin", "8.9 mmol/l", "8.6 to 12.1"),
        ("Glucose", "7.9 mmol/l", "3.9 to 6.1")])
    text.heading("Plan and questions", new_page=True)
    text.text(
        "1. Direct transfer to the catheter laboratory, or lysis here first? The road takes 48 minutes tonight, the "
        "helicopter 19 minutes when the cloud base allows it.",
        "2. Which dose of anticoagulant before departure, and who gives the second antiplatelet drug?",
        "3. Who accompanies the patient, and which room receives?")
    text.table([
        ("Task", "Who", "Until", "Done"),
        ("Release of the helicopter", "Dispatch centre", "18:55", ""),
        ("Catheter laboratory ready", "Heart centre", "19:20", ""),
        ("Handover sheet with tracing copied", "Northfield nurse in charge", "18:55", ""),
        ("Family informed", "Northfield duty physician", "19:00", ""),
        ("Call back after the intervention", "Heart centre", "21:00", "")])
    text.text("Space for the drawing of the conference:")
    text.picture(picture.chest_scheme(), 10.5, 7.1, "Scheme of the chest, for marks of the conference.")
    return text.xml()


def resuscitation_record():
    """DOT: the template of a resuscitation record, in Chinese."""
    text = flat_odf.TextDocument(CHINESE, "zh", "CN")
    text.title("急诊抢救记录（模板）")
    text.text(
        "本模板用于急诊科远程会诊演示。所有医院名称、病例和数据均为虚构，不涉及任何真实人员。",
        "使用说明：主持人在会诊开始前填写第一页，由记录护士在抢救过程中逐项补充第二页，会诊结束后全体成员确认第三页并保存。")
    text.heading("一、基本情况")
    text.table([
        ("项目", "内容", "备注"),
        ("到院方式", "步行 / 救护车 / 转院", "请圈出"),
        ("到院时间", "____年__月__日 __:__", "二十四小时制"),
        ("主诉", "", "不超过二十个字"),
        ("过敏史", "有 / 无 / 不详", "如有请注明药物"),
        ("分诊级别", "一级 / 二级 / 三级 / 四级", "一级为濒危")])
    text.text(
        "意识状态：清醒、嗜睡、昏睡、昏迷。气道：通畅、部分梗阻、完全梗阻。呼吸：自主、辅助、机械通气。循环：脉搏有力、"
        "脉搏细速、未触及。请在相应的词上画线，并在白板上注明时间。")
    text.heading("二、抢救过程", new_page=True)
    text.table([
        ("时间", "心率", "血压", "血氧", "措施", "执行人"),
        ("00:00", "", "", "", "开始胸外按压，建立静脉通路", "一组"),
        ("00:02", "", "", "", "除颤一次，继续按压", "一组"),
        ("00:04", "", "", "", "肾上腺素一毫克静脉注射", "二组"),
        ("00:06", "", "", "", "气管插管，确认位置", "二组"),
        ("00:08", "", "", "", "再次评估心律", "组长")])
    text.picture(picture.heart_trace(), 16.5, 7.7, "图一：监护仪心电图形。请会诊专家在图上标出异常波形。")
    text.text("记录要求：每两分钟评估一次心律；每次给药须口头复述剂量；所有时间以监护仪时钟为准。")
    text.heading("三、会诊意见与后续安排", new_page=True)
    text.text(
        "会诊意见：（由会诊专家填写，可直接在页面上书写或画图）",
        "是否转院：是 / 否。接收单位、联系方式、预计出发时间由调度中心填写。转运途中须有一名医生和一名护士陪同。")
    text.picture(picture.ward_plan(), 16.5, 8.4, "图二：急诊科平面图。红区为抢救室，黄区为观察室，绿区为普通诊室，蓝区为救护车入口。")
    text.table([
        ("确认人", "职务", "时间", "签名"),
        ("会诊主持人", "主任医师", "", ""),
        ("会诊专家", "副主任医师", "", ""),
        ("记录护士", "主管护师", "", "")])
    return text.xml()


def mass_casualty_plan():
    """RTF: what the department does when many casualties are announced."""
    text = rich_text.RichText()
    text.heading("Many casualties at once: plan of the department", size=36)
    text.text(
        "Riverside General is an invented hospital. The plan is shared in the conference so that neighbours can see "
        "what we can take, and mark on the map where they will send their teams.",
        "The plan begins when the dispatch centre announces more than ten injured, or more than three in a life-"
        "threatening state. The physician in charge declares it; everybody else follows the sheets below.")
    text.heading("Steps in the first 20 minutes")
    text.bullets(
        "Minute 0 to 5: alarm by pager, clear the red zone, stop elective operations that have not begun.",
        "Minute 5 to 10: triage desk in the ambulance bay, tags and markers laid out, blood bank called.",
        "Minute 10 to 15: teams of three take their rooms; one scribe per team joins this conference.",
        "Minute 15 to 20: first report to the dispatch centre: free places per colour.")
    text.table([
        ("Colour", "Meaning", "Places", "Team leader", "Page to report on"),
        ("Red", "Life in danger, treat at once", "4", "Anaesthesia", "Page 2"),
        ("Yellow", "Severe, may wait one hour", "8", "Surgery", "Page 2"),
        ("Green", "Slight, may wait four hours", "30", "Outpatient clinic", "Page 3"),
        ("Blue", "Only with means to spare", "2", "Physician in charge", "Page 3")], (1300, 3000, 1000, 2300, 2000))
    text.heading("Map of the department", new_page=True)
    text.picture(picture.ward_plan(), 900, 460, 9000)
    text.text(
        "Upper row, from left to right: red zone with three places, yellow zone with four, green zone with four. Lower "
        "row: ambulance bay, resuscitation room, observation, treatment rooms. The arrow shows the one-way corridor.",
        "Draw blocked ways as red lines, free places as green circles. A place that is marked counts as taken.")
    text.table([
        ("Room", "Beds", "Ventilators", "Free now"),
        ("Resuscitation", "4", "4", "2"),
        ("Observation", "8", "2", "5"),
        ("Treatment 1 to 6", "6", "0", "6"),
        ("Operating theatres", "5", "5", "1")], (3000, 1400, 1800, 1800))
    text.heading("Reports and signatures", new_page=True)
    text.text(
        "Every 15 minutes the scribes report how many patients came, went to the theatre, to the ward, "
        "or on to another "
        "house. The neighbours \u2013 Northfield and Harbour Clinic \u2013 answer with their own free places.",
        "Temperature limit for stored blood: 4 \u00b1 2 \u00b0C. Contact of the blood bank: extension 12\u20134.")
    text.table([
        ("Report", "Came", "Theatre", "Ward", "Sent on", "Scribe"),
        ("+15 min", "", "", "", "", ""), ("+30 min", "", "", "", "", ""), ("+45 min", "", "", "", "", ""),
        ("+60 min", "", "", "", "", ""), ("+90 min", "", "", "", "", "")], (1600, 1200, 1300, 1200, 1300, 2400))
    text.text("The plan ends when the physician in charge says so in the conference and the record is saved.")
    text.picture(picture.arrivals_chart(), 760, 360, 6800)
    return text.bytes()


def department_figures():
    """XLS: two sheets with the beds of a week and the arrivals by hour."""
    sheets = flat_odf.Spreadsheet(LATIN)
    beds = [("Day", "Shift", "Red", "Yellow", "Green", "Waiting", "Wait, min")]
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    for number in range(4 * 21):
        day, shift = days[number // 3 % 7], ("Early", "Late", "Night")[number % 3]
        beds.append((f"{day}, week {number // 21 + 1}", shift, 1 + number * 7 % 4, 2 + number * 5 % 7,
                     6 + number * 11 % 17, number * 13 % 12, 8 + number * 17 % 35))
    chart = flat_odf.image(picture.arrivals_chart(), 13, 6.1, "arrivals", anchor="page")
    arrivals = [("Hour", "Arrivals", "By ambulance", "Admitted", "Free beds")]
    for hour in range(24):
        count = (4, 3, 2, 2, 1, 2, 4, 7, 9, 12, 14, 13, 12, 11, 13, 15, 16, 18, 17, 15, 12, 9, 7, 5)[hour]
        arrivals.append((f"{hour:02}:00", count, count // 3, count // 4, 24 - count))
    sheets.sheet("Beds", "Beds in use, Harbour Clinic (invented figures)", beds, (4, 2, 2, 2, 2, 2, 3), 44)
    sheets.sheet("Arrivals", "Arrivals by hour, mean of four weeks", arrivals, (3, 3, 4, 3, 3), None, chart)
    return sheets.xml()


def convert(source, suffix, target, output_filter):
    """Has soffice convert flat ODF, with a profile of its own so that a running office is left alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / (pathlib.Path(target).stem + suffix)
        path.write_text(source, encoding="utf-8")
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--convert-to",
             f"{pathlib.Path(target).suffix[1:]}:{output_filter}", "--outdir", folder, str(path)],
            check=True, stdout=subprocess.DEVNULL)
        shutil.copyfile(path.with_suffix(pathlib.Path(target).suffix), SAMPLES / target)


def main():
    convert(chest_pain_handover(), ".fodt", "chest-pain-handover.doc", "MS Word 97")
    convert(resuscitation_record(), ".fodt", "resuscitation-record-zh.dot", "MS Word 97 Vorlage")
    convert(department_figures(), ".fods", "department-figures.xls", "MS Excel 97")
    (SAMPLES / "mass-casualty-plan.rtf").write_bytes(mass_casualty_plan())
    for path in sorted(SAMPLES.iterdir()):
        if path.is_file():
            print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
