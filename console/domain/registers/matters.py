"""What a grid worker looks for on patrol: about a hundred matters, in ten groups (field-facts Z9)."""

# ruff: noqa: E501 - lists of matters, to be read group by group

PATROL_MATTERS: dict[str, tuple[str, ...]] = {
    "消防安全": tuple(
        "楼道堆物堵塞 安全出口锁闭 消火栓无水或损坏 灭火器缺失过期 电动车楼道充电 飞线充电 消防车道占用 三合一场所住人 "
        "液化气瓶违规使用 电线私拉乱接 烟花爆竹违规存放 独立烟感失效".split()
    ),
    "建筑与设施": tuple(
        "外墙脱落 阳台雨棚松动 危房裂缝 违法搭建 擅自改动承重墙 电梯故障 电梯超期未检 护栏损坏 楼顶积水漏水 广告牌松动".split()
    ),
    "道路与管线": tuple(
        "路面塌陷坑洞 井盖缺失松动 下水道堵塞 污水外溢 路灯不亮 供水管漏水 燃气异味 电缆线下垂 交通标志损坏 人行道破损 "
        "树木倒伏 积水内涝".split()
    ),
    "环境卫生": tuple(
        "垃圾堆积 垃圾未分类 建筑垃圾乱倒 公厕不洁 乱贴小广告 牲畜粪污 卫生死角 蚊蝇孳生 河道漂浮物 露天焚烧 油烟直排 "
        "工地扬尘 噪声扰民".split()
    ),
    "市容秩序": tuple(
        "占道经营 乱停车辆 僵尸车 乱晾晒 店外堆放 流动摊贩 共享单车乱停 犬只未拴绳 无证饲养家禽 占用公共绿地".split()
    ),
    "矛盾纠纷": tuple(
        "邻里纠纷 家庭纠纷 物业纠纷 劳资欠薪 租赁纠纷 土地征迁纠纷 消费纠纷 医疗纠纷 交通事故纠纷 集体聚集苗头".split()
    ),
    "治安防范": tuple(
        "出租房未登记 群租房 流动人员未登记 传销线索 电信诈骗线索 涉黄涉赌线索 涉毒线索 可疑人员 监控损坏 门禁损坏".split()
    ),
    "食品药品与经营": tuple(
        "无证经营 食品过期 明厨亮灶缺失 餐饮从业无健康证 药店违规售药 特种设备未检 危化品违规存放 校外培训违规 养老机构隐患".split()
    ),
    "民生关怀": tuple(
        "独居老人异常 困难家庭求助 残疾人设施损坏 留守儿童无人照看 流浪乞讨人员 精神障碍患者异动 失业待扶 辍学儿童 孤寡病人".split()
    ),
    "党群与政策": tuple(
        "政策宣传未到位 反诈宣传未到位 征兵登记 医保参保未缴 居住证到期 养老认证未办".split()
    ),
}  # fmt: skip
MATTER_GROUPS = {matter: group for group, matters in PATROL_MATTERS.items() for matter in matters}
