"""Into a page, through it and out of it again without the mouse (docs/manual/keys.md)."""

from playwright.sync_api import Page, expect

from tests.people_made import id_number

CURSOR = "document.activeElement.closest('.sf-panel') && (document.activeElement.getAttribute('aria-label') || '')"


def sit_down(page: Page, login: str, address: str = "/") -> None:
    page.goto("/login")
    page.locator(f"button[value={login}]").press("Enter")
    page.locator(".sf-status").wait_for()
    if address != "/":
        page.goto(address)
    page.wait_for_function("window.did_handshake === true")


def by_menu(page: Page, letter: str, title: str) -> None:
    """Alt and the menu's letter, down to the entry, Enter."""
    page.keyboard.press(f"Alt+{letter}")
    entry = page.locator(".q-menu .q-item", has_text=title)
    for _ in range(12):
        page.wait_for_function("document.activeElement.matches('.q-menu .q-item')")
        if entry.evaluate("(item) => item === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def cursor_is_in(page: Page, label: str) -> None:
    page.wait_for_function(f"(label) => ({CURSOR}) === label", arg=label)


def test_a_page_opened_by_key_has_the_cursor_in_its_first_field(page: Page) -> None:
    sit_down(page, "pudong01")
    by_menu(page, "q", "备案记录")
    cursor_is_in(page, "备案编号")
    expect(page).to_have_title("备案记录 · 申房")
    expect(page.locator(".sf-grid tbody tr").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".sf-grid tbody tr").first).to_be_focused()
    # In a choice the arrow opens its options; with Ctrl it leads to the list from there too.
    page.get_by_role("combobox", name="状态").focus()
    page.keyboard.press("Control+ArrowDown")
    expect(page.locator(".sf-grid tbody tr").first).to_be_focused()
    by_menu(page, "b", "合同注销")
    cursor_is_in(page, "编号")
    page.keyboard.press("Alt+0")
    expect(page).to_have_title("备案记录 · 申房")
    cursor_is_in(page, "备案编号")


#: Has the queue look for its rows late: after its page has been entered.
LATE = (
    "const on = setTimeout; window.setTimeout = (f, t, ...more) => on(f, `${f}`.includes('walk(') ? 3000 : t, ...more);"
)


def test_keys_pressed_before_a_queue_is_drawn_move_in_it(page: Page) -> None:
    page.add_init_script(LATE)
    sit_down(page, "pdju01")
    page.keyboard.press("Control+k")
    # What is typed at once waits for the field of the question.
    for key in (*"xxkyk", "Enter", "j", "j"):
        page.keyboard.press(key)
    expect(page.locator(".sf-review .sf-grid tbody tr").nth(1)).to_be_focused()


def test_a_key_pressed_while_a_dialog_fades_away_is_the_page_s(page: Page) -> None:
    sit_down(page, "pudong01")
    page.keyboard.press("Control+k")
    page.keyboard.type("htzx")
    page.locator(".sf-found").first.wait_for()
    page.keyboard.press("Enter")
    cursor_is_in(page, "编号")
    page.keyboard.press("F4")
    expect(page.locator(".sf-dialog").get_by_label("证件号码")).to_be_focused()


def test_what_follows_f4_at_once_is_for_its_question(page: Page) -> None:
    sit_down(page, "huyu01", "/?open=central_projects")
    expect(page.locator(".sf-grid tbody tr").first).to_be_visible()
    expect(page.get_by_role("button", name="补充资料")).to_be_enabled()
    page.keyboard.press("F4")
    page.keyboard.type("9 6")
    expect(page.get_by_label("楼栋", exact=True)).to_have_value("9 6")


def test_what_a_question_proposes_is_replaced_by_what_is_typed(page: Page) -> None:
    sit_down(page, "huyu01", "/?open=firm_people")
    expect(page.locator(".sf-grid tbody tr").first).to_be_visible()
    page.locator(".sf-grid tbody tr", has_text="SH26").first.press(" ")
    page.get_by_role("button", name="某日情况与变更").press("Enter")
    day = page.get_by_label("某日终了", exact=True)
    expect(day).to_be_focused()
    page.keyboard.type("20261101")
    expect(day).to_have_value("20261101")
    page.keyboard.press("Escape")
    expect(day).to_be_hidden()


def test_letters_that_move_in_a_queue_are_text_where_it_is_asked_again(page: Page) -> None:
    sit_down(page, "pudong01")
    page.keyboard.press("Control+k")
    page.keyboard.type("htzx")
    page.locator(".sf-found").first.wait_for()
    # The dialog still stands while what was chosen is on its way.
    page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    page.keyboard.type("jk")
    expect(page.locator(".sf-finder input:focus")).to_have_value("jk")
    # Nor are they a queue's in the first seconds of a page, which nothing was chosen in yet.
    page.reload()
    page.wait_for_function("window.did_handshake === true")
    page.keyboard.press("Control+k")
    expect(page.locator(".sf-finder input")).to_be_focused()
    page.keyboard.type("jk")
    expect(page.locator(".sf-finder input")).to_have_value("jk")


def test_a_tab_is_left_by_delete(page: Page) -> None:
    sit_down(page, "pudong01", "/?open=filings")
    tab = page.get_by_role("tab")
    expect(tab).to_have_count(1)
    # An opening page puts the cursor into its first field, away from a tab too.
    cursor_is_in(page, "备案编号")
    tab.focus()
    page.keyboard.press("Delete")
    expect(tab).to_have_count(0)


def test_a_grey_button_says_what_it_waits_for(page: Page) -> None:
    sit_down(page, "pudong01", "/?open=exports")
    page.locator(".sf-toolbar button").first.wait_for()
    page.keyboard.press("F8")
    expect(page.locator(".sf-message")).to_have_text("请先选择导出记录")


def test_a_grey_button_without_a_key_is_asked_by_f10_and_enter(page: Page) -> None:
    sit_down(page, "huamu01", "/?open=civil_cases")
    grey = page.locator(".sf-toolbar button", has_text="申请强制核验")
    expect(grey).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".sf-grid tbody tr").first).to_be_visible()
    page.keyboard.press("F10")
    for _ in range(6):
        if grey.evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".sf-message")).to_have_text("请先选择社区受理办件")


def test_the_bell_is_opened_and_followed_by_keys_alone(page: Page) -> None:
    sit_down(page, "huamu01")
    page.keyboard.press("Tab")
    page.keyboard.press("Alt+n")
    expect(page.locator(".sf-bell-panel .sf-link").first).to_be_focused()
    page.keyboard.press("Enter")
    # From the first link of the page too, the keyboard goes into what was opened.
    page.wait_for_function("document.activeElement.closest('.sf-panel')")
    expect(page).to_have_title("社区受理办件 · 申房")


def test_a_form_beside_a_list_has_the_keyboard_in_its_first_field(page: Page) -> None:
    sit_down(page, "huamu01", "/?open=sublet_units")
    expect(page.locator(".sf-grid tbody tr").first).to_be_visible()
    page.keyboard.press("F2")
    expect(page.get_by_label("转租人姓名")).to_be_focused()
    # What is refused leads back to the field it is about.
    told = {
        "转租人姓名": "周测",
        "证件号码": id_number(4773),
        "房屋编码或权属证明编号": "没有的",
        "上手租约起": "20260101",
    }
    form = page.locator("section[aria-label=转租登记]")
    for label, text in {**told, "上手租约止": "20271231"}.items():
        form.get_by_label(label, exact=True).fill(text)
    form.get_by_role("button", name="登记").press("Enter")
    expect(page.locator(".sf-message")).to_contain_text("没有查到该房屋")
    expect(form.get_by_label("房屋编码或权属证明编号")).to_be_focused()


def test_what_is_found_wanting_leads_to_its_field(page: Page) -> None:
    sit_down(page, "huyu01", "/?open=verification_ask")
    told = {"权属证明编号": "没有的", "权利人": "周测", "权利人证件号码": id_number(4774)}
    for label, text in {**told, "权利人联系电话": "13800138000", "月租金": "5600"}.items():
        page.get_by_label(label, exact=True).first.fill(text)
    page.keyboard.press("F8")
    expect(page.locator(".sf-message")).to_contain_text("核验未通过")
    expect(page.get_by_label("委托合同编号", exact=True)).to_be_focused()


def test_an_inquiry_goes_from_the_number_to_its_reason_by_enter(page: Page) -> None:
    sit_down(page, "shi01", "/?open=who_looked")
    page.get_by_label("证件号码").fill(id_number(4775))
    page.keyboard.press("Enter")
    expect(page.get_by_label("调查事由")).to_be_focused()


def test_the_arrows_lead_from_a_row_to_its_detail_and_back(page: Page) -> None:
    sit_down(page, "xitong01", "/?open=accounts")
    row = page.locator(".sf-grid tbody tr").first
    row.press("Enter")
    reset = page.get_by_role("button", name="重置口令")
    reset.wait_for()
    page.keyboard.press("ArrowRight")
    expect(reset).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(row).to_be_focused()


def test_a_page_opened_anew_after_the_line_was_lost_has_what_was_typed(page: Page) -> None:
    sit_down(page, "huamu01", "/?open=contract_find")
    cursor_is_in(page, "编号")
    page.evaluate("window.socket.disconnect()")
    page.keyboard.type("HT31")
    page.wait_for_function("sessionStorage.getItem('sf-typed')")
    kept = str(page.evaluate("JSON.stringify(sessionStorage)"))
    plain = ",".join(str(one) for one in b"HT31")
    assert "HT31" not in kept, "a browser writes it to the disk"
    assert plain not in kept
    page.reload()
    told = page.locator(".sf-message")
    opened = "与服务器的连接中断过，页面已按最近一次保存的内容重新打开"
    expect(told).to_have_text(f"{opened}，已放回最后填写的“编号”")
    expect(page.get_by_label("编号", exact=True)).to_have_value("HT31")
    # What was kept in another session cannot be read; its field is named.
    page.evaluate("window.socket.disconnect()")
    page.get_by_label("编号", exact=True).press_sequentially("9")
    page.wait_for_function("sessionStorage.getItem('sf-typed')")
    page.evaluate("(kept) => sessionStorage.setItem('sf-typed', kept)", "[[1,2,3,4,5,6,7,8,9,10,11,12],[1,2,3]]")
    page.reload()
    expect(told).to_have_text(f"{opened}，请核对最后填写的“编号”")
    page.reload()
    expect(page.locator(".sf-status")).to_be_visible()
    page.wait_for_timeout(2500)
    expect(told).not_to_contain_text("中断")


def test_on_a_phone_what_is_told_has_a_line_of_its_own(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sit_down(page, "huyu01", "/?open=exports")
    page.locator(".sf-toolbar button").first.wait_for()
    page.keyboard.press("F8")
    told = page.locator(".sf-message")
    expect(told).to_have_text("请先选择导出记录")
    # A finger has no use for what cannot be pressed yet.
    expect(page.locator(".sf-toolbar").get_by_role("button", name="下载")).to_be_hidden()
    box, bar = told.bounding_box(), page.locator(".sf-status").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["width"] > 340
    assert bar["height"] < 80


def test_enter_walks_every_field_of_every_section_and_stops_before_it_hands_in(page: Page) -> None:
    sit_down(page, "huyu01", "/?open=firm_apply&id=new-walked")
    for label in [
        "证件号码",
        "姓名",
        "手机号",
        "岗位",
        "门店",
        "入职日期",
        "学历",
        "劳动合同起",
        "劳动合同止",
        "职业资格",
        "资格证书号",
        "已缴社保",
        "备注",
    ]:
        cursor_is_in(page, label)
        page.keyboard.press("Enter")
    expect(page.locator("button.sf-next:focus")).to_contain_text("提交申请")
    expect(page.get_by_role("checkbox", name="已缴社保")).not_to_be_checked()
    page.evaluate("sfSignOut()")
    page.wait_for_url("**/login?why=out")
    sit_down(page, "binjiang01", "/?open=list-project")
    page.locator(".sf-toolbar button").first.wait_for()
    page.keyboard.press("F2")
    cursor_is_in(page, "项目名称")
    labels = page.locator(".sf-record .sf-field .sf-label").all_inner_texts()
    assert len(labels) > 20
    for label in labels:
        cursor_is_in(page, label)
        page.keyboard.press("Enter")
    # After the fields come the lists and the attachments, and not yet the button.
    expect(page.locator(".sf-child-add").first).to_be_focused()


def test_the_buttons_of_a_page_are_reached_by_f10_and_left_by_escape(page: Page) -> None:
    sit_down(page, "pudong01", "/?open=filings")
    cursor_is_in(page, "备案编号")
    page.keyboard.press("F10")
    tools = page.locator(".sf-toolbar button")
    expect(tools.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tools.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    cursor_is_in(page, "备案编号")


def test_a_page_that_kept_a_number_has_it_selected_for_the_next(page: Page) -> None:
    sit_down(page, "huamu01", "/?open=contract_find")
    cursor_is_in(page, "编号")
    page.keyboard.type("BA1")
    by_menu(page, "q", "备案记录")
    cursor_is_in(page, "备案编号")
    page.keyboard.press("Alt+1")
    cursor_is_in(page, "编号")
    page.wait_for_function("document.activeElement.selectionEnd - document.activeElement.selectionStart === 3")
    page.keyboard.type("BA2")
    expect(page.get_by_label("编号", exact=True).first).to_have_value("BA2")
