"""Closed lists of words that pages show: states, ways in which a cell was entered."""

from __future__ import annotations

from gep.inputs.workbook.layout import read_texts
from gep.inputs.workbook.typed import TITLES
from gep.messages.title import Title
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

STATES = {
    "typing": Title("填报中", "being filled in"),
    "draft": Title("草稿", "draft"),
    "submitted": Title("已提交", "submitted"),
    "approved": Title("已通过", "approved"),
    "returned": Title("已退回", "returned"),
}
STATUSES = {
    "accounted": Title("已核算", "accounted"),
    "no data": Title("缺数据", "no data"),
    "not applicable": Title("不适用", "not applicable"),
    "excluded": Title("不计入", "excluded"),
}
WAYS = {
    "typed": Title("填写", "typed"),
    "pasted": Title("粘贴", "pasted"),
    "uploaded": Title("上传", "uploaded"),
    "survey": Title("由国土调查转入", "from the land survey"),
    "reference": Title("采用参考值", "reference value taken"),
    "api": Title("接口", "by a program"),
    "undo": Title("撤销", "undone"),
}
ACTS = {
    "login": Title("登录", "login"),
    "logout": Title("退出", "logout"),
    "account made": Title("新建账号", "account made"),
    "account changed": Title("修改账号", "account changed"),
    "password reset": Title("重置密码", "password reset"),
    "password changed": Title("修改密码", "password changed"),
    "token made": Title("新建令牌", "token made"),
    "token closed": Title("停用令牌", "token closed"),
    "setting": Title("修改设置", "setting"),
    "backup": Title("备份", "backup"),
    "restored": Title("恢复备份", "restored"),
    "alert seen": Title("确认预警", "alert seen"),
    "deadline": Title("设定期限", "deadline"),
    "explanation": Title("说明", "explanation"),
    "run": Title("核算", "run"),
    "submitted": Title("提交", "submitted"),
    "approved": Title("通过", "approved"),
    "returned": Title("退回", "returned"),
    "form filled": Title("报送表格", "form handed in"),
    "form reopened": Title("重新打开表格", "form opened again"),
    "choice standard": Title("选择标准", "choice of standard"),
    "choice price_year": Title("选择价格年", "choice of price year"),
    "cells typed": Title("填写单元格", "cells typed"),
    "cells pasted": Title("粘贴单元格", "cells pasted"),
    "cells uploaded": Title("上传单元格", "cells uploaded"),
    "cells reference": Title("采用参考值", "reference values taken"),
    "cells api": Title("接口写入单元格", "cells by a program"),
    "cells survey": Title("由国土调查转入单元格", "cells from the land survey"),
    "upload": Title("上传文件", "file uploaded"),
    "remark": Title("批注单元格", "note to a cell"),
    "cells undo": Title("撤销单元格", "cells undone"),
    "transfer prepared": Title("编制转移支付", "transfer prepared"),
    "reversal prepared": Title("编制冲销", "reversal prepared"),
    "payments prepared": Title("编制付款", "payments prepared"),
    "scheme registered": Title("登记补偿办法", "scheme registered"),
    "transfer confirmed": Title("复核入账", "transfer confirmed"),
    "transfer refused": Title("退回编制", "transfer turned down"),
    "transfer reversed": Title("冲销", "transfer reversed"),
    "payments recorded": Title("登记支付", "payments recorded"),
    "products entered": Title("录入产品目录", "products entered"),
    "series kept": Title("监测数据入库", "series kept"),
    "series watched": Title("比对监测序列", "series watched"),
}
"""What the journal says was done; what is not here stands there as it is."""


def name_form(name: str, lang: str) -> str:
    """Return what a form is called: a department, what does not apply, local parameters and prices."""
    if lang == "zh":
        return "本地参数与价格" if name == read_texts()["sheets"]["coefficients"] else name
    if name == read_texts()["sheets"]["applicability"]:
        return "What does not apply"
    return DEPARTMENTS.get(name, "Local parameters and prices")


def name_id_of(identity: str, lang: str) -> str:
    """Return the title of a variable, coefficient, service or line."""
    leaf = VARIABLES.get(identity, COEFFICIENTS.get(identity))
    title = leaf.title if leaf is not None else TITLES.get(identity, Title(identity, identity))
    return str(getattr(title, lang))


CERTIFICATE = "certificate"
DOWNLOADS = {
    "pdf": Title("报告(PDF)", "report (PDF)"),
    "docx": Title("报告(Word)", "report (Word)"),
    "xlsx": Title("报告(Excel)", "report (Excel)"),
    "html": Title("报告(网页)", "report (web page)"),
    "seea": Title("SEEA EA 表", "SEEA EA tables"),
    CERTIFICATE: Title("核算凭证", "certificate"),
}
"""What can be taken away, and what it is called."""
CHART_TITLES = {
    "shares": Title("各项服务的价值", "Value of each service"),
    "ecosystems": Title("各类生态系统的面积", "Area of each ecosystem type"),
    "map": Title("本省各县单位面积 GEP", "GEP per km² of the counties of the province"),
    "series": Title("历年 GEP", "GEP by year"),
    "waterfall": Title("与上年相比的变化", "Change since the earlier year"),
}
JOB_STATES = {
    "waiting": Title("等待中", "waiting"),
    "running": Title("进行中", "running"),
    "done": Title("已完成", "done"),
    "failed": Title("未完成", "failed"),
    "stopped": Title("已停止", "stopped"),
}
